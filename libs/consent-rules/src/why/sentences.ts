import { notedIn } from '../clock-notes.js';
import { reasonSentence } from '../reason-sentence.js';
import { REASONS } from '../reasons.js';
import { type RuleName, type Verdict } from '../rules/rule.js';
import {
  type BundleDefinition,
  type Language,
  type LedgerEntry,
  type Localised,
  type Purpose,
  type SubjectFacts,
} from '../types.js';
import { actWords, conditionWords } from './acts.js';
import { channelWords } from './channels.js';
import { type BundleSaid, type Change, type Counterfactual, type Question, type Standing } from './explanation.js';
import {
  BUNDLED,
  BY_DECISION,
  CAUSE,
  CLOSED,
  day,
  FOLLOWED,
  inEach,
  LEFT_STANDING,
  MODEL,
  NONE,
  NOTED,
  NOTICE,
  OPEN,
  quoted,
  ROLE,
  SECTION,
  STANDING,
  THEN,
  THROUGH,
  words,
} from './words.js';

export const purposeSentence = ({ title, section, choiceModel }: Purpose): Localised =>
  inEach((l) => {
    return `${title[l]} (${SECTION[l]} ${section}): ${MODEL[choiceModel][l]}.`;
  });

export const FACTS_MISSING: Localised = words(
  'Neither brand, role nor contract is known, so nothing is opened.',
  'Merk, rol noch contract is bekend, dus er wordt niets geopend.',
  'Ni marque, ni rôle, ni contrat ne sont connus : rien n’est ouvert.',
);

/**
 * What happened, by whom, through which channel, after which text, and whether it counts.
 * @param decided title of the purpose about which was decided, where that moved this one
 */
export const decisionSentence = (
  entry: LedgerEntry,
  standing: Standing,
  purpose: Purpose,
  decided: Localised | null,
): Localised =>
  inEach((l) => {
    const { cause, notice, permission, evidence } = entry;
    const noted = notedIn(entry);
    if (noted !== null) return `${day(entry.decidedAt, l)}: ${NOTED[noted][l]} ${STANDING.noted[l]}`;
    const { decidedAt, receivedAt } = entry;
    const at = day(standing === 'consequence' ? receivedAt : Math.min(decidedAt, receivedAt), l);
    if (standing === 'consequence') {
      const by = decided === null ? CAUSE[cause][l] : `${BY_DECISION[l]} ${decided[l]}`;
      const followed = decided === null ? STANDING.consequence : FOLLOWED;
      const because = reasonSentence(permission.reason, purpose)[l];
      return `${at}: ${(permission.allowed ? OPEN : CLOSED)[l]} ${by}. ${because} ${followed[l]}`;
    }
    const through = evidence.channel === 'none' ? '' : `, ${THROUGH[l]} ${channelWords(evidence.channel, l)}`;
    const shown = notice === null ? '' : `; ${NOTICE[l]}: ${notice.id} ${notice.version} (${notice.language})`;
    const act = actWords(entry, purpose.choiceModel, l);
    const asked = standing === 'evidence-only' && entry.status === 'requested';
    return `${at}: ${act}${through}${shown}. ${(asked ? LEFT_STANDING : STANDING[standing])[l]}`;
  });

/** What was said at once, and that it counts here too. */
export const bundleSentence = (
  { kind, closedAt, channel }: BundleSaid,
  bundle: BundleDefinition | undefined,
): Localised =>
  inEach(
    (l) =>
      `${day(closedAt, l)}: ${quoted(bundle?.title[l] ?? kind, l)}, ${THROUGH[l]} ${channelWords(channel, l)}. ${BUNDLED[l]}`,
  );

type Heard = Exclude<Verdict, null>;

/** What a rule found. */
export function ruleSentence(rule: RuleName, verdict: Heard, facts: SubjectFacts | null): Localised {
  if (verdict === 'passes') return inEach((l) => passes(rule, facts, l));
  if ('closes' in verdict) return REASONS[verdict.closes];
  return inEach((l) => {
    const until = { en: 'It stands until', nl: 'Het geldt tot', fr: 'Ceci vaut jusqu’au' }[l];
    const why = verdict.reason === undefined ? '' : `${REASONS[verdict.reason][l]} `;
    return `${why}${until} ${day(verdict.opensUntil, l)}.`;
  });
}

function passes(rule: RuleName, facts: SubjectFacts | null, l: Language): string {
  const roles = facts?.roles.map((role) => ROLE[role][l]).join(', ') || NONE[l];
  switch (rule) {
    case 'scope-valid':
      return {
        en: 'The line, account, device or address is yours.',
        nl: 'De lijn of account, het toestel of adres is van u.',
        fr: 'La ligne, le compte, l’appareil ou l’adresse est à vous.',
      }[l];
    case 'brand-gate':
      return {
        en: `Your brand is ${facts?.brand}: this covers it.`,
        nl: `Uw merk is ${facts?.brand}: dit geldt ervoor.`,
        fr: `Votre marque est ${facts?.brand} : ceci la couvre.`,
      }[l];
    case 'role-covered':
      return {
        en: `You are ${roles}: this concerns you.`,
        nl: `U bent ${roles}: dit betreft u.`,
        fr: `Vous êtes ${roles} : ceci vous concerne.`,
      }[l];
    case 'minor-not-profiled':
      return { en: 'You are of age.', nl: 'U bent meerderjarig.', fr: 'Vous êtes majeur.' }[l];
    case 'contract-clock':
    case 'consent-clock':
      return {
        en: 'No end of contract stands against it.',
        nl: 'Geen einde van een contract staat eraan in de weg.',
        fr: 'Aucune fin de contrat ne s’y oppose.',
      }[l];
    case 'full-marketing-objection':
      return {
        en: 'No objection to all marketing stands against it.',
        nl: 'Geen bezwaar tegen alle marketing staat eraan in de weg.',
        fr: 'Aucune opposition à tout marketing ne s’y oppose.',
      }[l];
    case 'refused-in-another-role':
      return {
        en: 'You have said yes since you said no to the same thing, in this relation to the operator or in another.',
        nl: 'U hebt ja gezegd sinds u nee zei op hetzelfde, in deze verhouding tot de operator of in een andere.',
        fr: 'Vous avez dit oui depuis que vous avez dit non à la même chose, dans cette relation avec l’opérateur ou dans une autre.',
      }[l];
    case 'prerequisites-open':
      return {
        en: 'What it builds on is open.',
        nl: 'Waarop dit voortbouwt, is open.',
        fr: 'Ce dont ceci dépend est ouvert.',
      }[l];
  }
}

/**
 * Changes as one condition, such as "The brand is proximus; Newsletter for customers: you take your objection back." What
 * is said under a new contract comes after it.
 */
export const counterfactualSentence = (changes: Counterfactual['changes'], question: Question): Localised =>
  inEach((l) => {
    const isSaid = ({ kind }: Change): boolean => kind === 'decision';
    const said = changes.filter(isSaid).map((change) => changeWords(change, question, l));
    const others = changes.filter((change) => !isSaid(change)).map((change) => changeWords(change, question, l));
    const [first, ...more] = said;
    const begins = changes.some((change) => change.kind === 'contract' && change.to === 'begins');
    const then = first === undefined ? [] : [begins ? `${THEN[l]} ${first}` : first, ...more];
    const all = [...others, ...then].join('; ');
    return `${all.charAt(0).toUpperCase()}${all.slice(1)}.`;
  });

function changeWords(change: Change, { catalogue }: Question, l: Language): string {
  switch (change.kind) {
    case 'decision': {
      const { purposeId, status, by, attributes } = change;
      const purpose = catalogue.purposes.get(purposeId);
      const condition = conditionWords(status, by, purpose?.choiceModel ?? 'none', l);
      return `${purpose?.title[l] ?? purposeId}: ${condition}${attributes.map((name) => attributeWords(name, l)).join('')}`;
    }
    case 'brand':
      return { en: `the brand is ${change.to}`, nl: `het merk is ${change.to}`, fr: `la marque est ${change.to}` }[l];
    case 'role':
      return {
        en: `you are ${ROLE[change.to][l]}`,
        nl: `u bent ${ROLE[change.to][l]}`,
        fr: `vous êtes ${ROLE[change.to][l]}`,
      }[l];
    case 'age':
      return change.minor
        ? { en: 'you are a minor', nl: 'u bent minderjarig', fr: 'vous êtes mineur' }[l]
        : { en: 'you are of age', nl: 'u bent meerderjarig', fr: 'vous êtes majeur' }[l];
    case 'contract':
      return change.to === 'begins'
        ? { en: 'a new contract begins', nl: 'een nieuw contract begint', fr: 'un nouveau contrat commence' }[l]
        : { en: 'the contract ends', nl: 'het contract eindigt', fr: 'le contrat prend fin' }[l];
    case 'moment':
      return {
        en: `by itself on ${day(change.at, l)}`,
        nl: `vanzelf op ${day(change.at, l)}`,
        fr: `automatiquement le ${day(change.at, l)}`,
      }[l];
  }
}

/** What a decision has to name beside its status, and where. */
const attributeWords = (name: string, l: Language): string =>
  ({
    en: `, naming the period announced for the data (attributes.${name})`,
    nl: `, met de periode die voor de gegevens is aangekondigd (attributes.${name})`,
    fr: `, en indiquant la durée annoncée pour les données (attributes.${name})`,
  })[l];
