import { notedIn } from '../clock-notes.js';
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
import { type BundleSaid, type Change, type Counterfactual, type Question, type Standing } from './explanation.js';
import {
  BUNDLED,
  CAUSE,
  CLOSED,
  day,
  inEach,
  MODEL,
  NONE,
  NOTED,
  NOTICE,
  OPEN,
  ROLE,
  SECTION,
  STANDING,
  STATUS,
} from './words.js';

export const purposeSentence = ({ title, section, choiceModel }: Purpose): Localised =>
  inEach((l) => {
    return `${title[l]} (${SECTION[l]} ${section}): ${MODEL[choiceModel][l]}.`;
  });

export const FACTS_MISSING: Localised = {
  en: 'Neither brand, role nor contract is known, so nothing is opened.',
  nl: 'Merk, rol noch contract is bekend, dus er wordt niets geopend.',
  fr: 'Ni marque, ni rôle, ni contrat ne sont connus : rien n’est ouvert.',
};

/** What happened, by whom, through which channel, after which text, and whether it counts. */
export const decisionSentence = (entry: LedgerEntry, standing: Standing): Localised =>
  inEach((l) => {
    const { cause, notice, permission, evidence } = entry;
    const noted = notedIn(entry);
    if (noted !== null) return `${day(entry.decidedAt, l)}: ${NOTED[noted][l]} ${STANDING.noted[l]}`;
    const at = day(standing === 'consequence' ? entry.receivedAt : entry.decidedAt, l);
    if (standing === 'consequence')
      return `${at}: ${(permission.allowed ? OPEN : CLOSED)[l]} ${CAUSE[cause][l]}. ${REASONS[permission.reason][l]} ${STANDING[standing][l]}`;
    const shown = notice === null ? '' : `; ${NOTICE[l]}: ${notice.id} ${notice.version} (${notice.language})`;
    return `${at}: ${STATUS[entry.status][l]} ${CAUSE[cause][l]}, ${evidence.channel}${shown}. ${STANDING[standing][l]}`;
  });

/** What was said at once, and that it counts here too. */
export const bundleSentence = (
  { kind, closedAt, channel }: BundleSaid,
  bundle: BundleDefinition | undefined,
): Localised => inEach((l) => `${day(closedAt, l)}: “${bundle?.title[l] ?? kind}”, ${channel}. ${BUNDLED[l]}`);

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
    case 'prerequisites-open':
      return {
        en: 'What it builds on is open.',
        nl: 'Waarop dit voortbouwt, is open.',
        fr: 'Ce dont ceci dépend est ouvert.',
      }[l];
  }
}

/** Changes as one condition, such as "Newsletter for customers: objection taken back by you; the brand is proximus." */
export const counterfactualSentence = (changes: Counterfactual['changes'], question: Question): Localised =>
  inEach((l) => {
    const all = changes.map((change) => changeWords(change, question, l)).join('; ');
    return `${all.charAt(0).toUpperCase()}${all.slice(1)}.`;
  });

function changeWords(change: Change, { catalogue }: Question, l: Language): string {
  switch (change.kind) {
    case 'decision': {
      const title = catalogue.purposes.get(change.purposeId)?.title[l] ?? change.purposeId;
      const by = new Intl.ListFormat(l, { type: 'disjunction' }).format(change.by.map((cause) => CAUSE[cause][l]));
      return `${title}: ${STATUS[change.status][l]} ${by}`;
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
        fr: `de soi-même le ${day(change.at, l)}`,
      }[l];
  }
}
