import { DateTime } from 'luxon';
import { ZONE } from '../calendar.js';
import { type Cause, type ChoiceModel, type Language, type Localised, type Role } from '../types.js';
import { typeset } from '../typography.js';
import { type Noted } from '../clock-notes.js';
import { type FactName, type Standing } from './explanation.js';

/* Words that sentences are made of. */

const LANGUAGES: readonly Language[] = ['en', 'nl', 'fr'];

export const inEach = (sentence: (language: Language) => string): Localised =>
  typeset(Object.fromEntries(LANGUAGES.map((language) => [language, sentence(language)])) as Record<Language, string>);

/** A day in Belgium, in words; the first of a month is “1er” in French. */
export const day = (at: number, language: Language): string =>
  DateTime.fromMillis(at, { zone: ZONE })
    .setLocale(language === 'en' ? 'en-GB' : `${language}-BE`)
    .toLocaleString(DateTime.DATE_FULL)
    .replace(/^1 /, language === 'fr' ? '1er ' : '1 ');

export const quoted = (text: string, language: Language): string =>
  language === 'fr' ? `«\u202f${text}\u202f»` : `“${text}”`;

export const words = (en: string, nl: string, fr: string): Localised => typeset({ en, nl, fr });

export const MODEL: Readonly<Record<ChoiceModel, Localised>> = {
  'opt-in': words('closed until you consent', 'gesloten tot u toestemt', 'fermé tant que vous n’y consentez pas'),
  'opt-out': words(
    'open until you object, for which no reason is needed',
    'open tot u bezwaar maakt, waarvoor geen reden nodig is',
    'ouvert jusqu’à ce que vous vous y opposiez, sans motif',
  ),
  'objection-motivated': words(
    'open until an objection with reasons',
    'open tot een bezwaar met redenen',
    'ouvert jusqu’à une opposition motivée',
  ),
  none: words('nobody can decide about it', 'niemand kan erover beslissen', 'personne ne peut en décider'),
};

export const CAUSE: Readonly<Record<Cause, Localised>> = {
  person: words('by you', 'door u', 'par vous'),
  guardian: words('by your guardian', 'door uw voogd', 'par votre tuteur'),
  agent: words('by an agent on your behalf', 'door een medewerker namens u', 'par un agent en votre nom'),
  operator: words('by the operator', 'door de operator', 'par l’opérateur'),
  authority: words('by an authority', 'door een overheid', 'par une autorité'),
  clock: words('by the passing of time', 'door het verstrijken van de tijd', 'par l’écoulement du temps'),
  facts: words('by a change of facts', 'door een wijziging van de feiten', 'par un changement des faits'),
  catalogue: words('by a new catalogue', 'door een nieuwe catalogus', 'par un nouveau catalogue'),
  import: words('brought in from another system', 'overgenomen uit een ander systeem', 'repris d’un autre système'),
};

export const STANDING: Readonly<Record<Standing, Localised>> = {
  'in-force': words(
    'This is the decision in force.',
    'Dit is de geldende beslissing.',
    'C’est la décision en vigueur.',
  ),
  overtaken: words(
    'A later decision took its place.',
    'Een latere beslissing kwam in de plaats.',
    'Une décision ultérieure l’a remplacée.',
  ),
  'evidence-only': words(
    'It is kept as evidence and had no effect: it is older than what stands.',
    'Ze wordt als bewijs bewaard en had geen gevolg: ze is ouder dan wat geldt.',
    'Elle est conservée comme preuve, sans effet : elle est antérieure à ce qui vaut.',
  ),
  consequence: words(
    'Nobody decided; the permission followed.',
    'Niemand besliste; de toelating volgde.',
    'Personne n’a décidé ; l’autorisation a suivi.',
  ),
  noted: words(
    'It is written down and changes nothing of what is allowed.',
    'Het is opgeschreven en verandert niets aan wat mag.',
    'C’est consigné et ne change rien à ce qui est permis.',
  ),
};

/** Of a request that had no effect, which is newer than what stands. */
export const LEFT_STANDING = words(
  'It is kept as evidence and had no effect: to be asked changes nothing of what stands.',
  'Ze wordt als bewijs bewaard en had geen gevolg: een vraag verandert niets aan wat geldt.',
  'Elle est conservée comme preuve, sans effet : une demande ne change rien à ce qui vaut.',
);

export const BUNDLED = words(
  'It says no to this too: a yes from before does not count.',
  'Het zegt ook hiertegen nee: een eerder ja telt niet.',
  'Ceci vaut aussi comme un non à cette finalité : un oui antérieur ne compte pas.',
);

/** Of a consequence of what was decided about another purpose. */
export const FOLLOWED = words(
  'Nobody decided about this itself; the permission followed.',
  'Hierover zelf besliste niemand; de toelating volgde.',
  'Personne n’a décidé de ceci même ; l’autorisation a suivi.',
);

export const NOTED: Readonly<Record<Noted, Localised>> = {
  'data-retention': words(
    'Some of the data may be kept no longer for this.',
    'Een deel van de gegevens mag hiervoor niet langer bewaard worden.',
    'Une partie des données ne peut plus être conservée à cette fin.',
  ),
  'proof-retention': words(
    'The proof of what was decided before need be kept no longer.',
    'Het bewijs van wat eerder beslist werd, hoeft niet langer bewaard te worden.',
    'La preuve de ce qui avait été décidé ne doit plus être conservée.',
  ),
  reply: words(
    'The legal time to reply to your objection has passed.',
    'De wettelijke termijn om op uw bezwaar te antwoorden is voorbij.',
    'Le délai légal de réponse à votre opposition est écoulé.',
  ),
};

export const ROLE: Readonly<Record<Role, Localised>> = {
  prospect: words('a prospect', 'een mogelijke klant', 'un prospect'),
  customer: words('a customer', 'een klant', 'un client'),
  'ex-customer': words('a former customer', 'een vroegere klant', 'un ancien client'),
  'customer-professional': words(
    'a contact of a customer that is a firm',
    'een contact bij een bedrijf dat klant is',
    'un contact d’une entreprise cliente',
  ),
  'prospect-professional': words(
    'a contact of a firm that is no customer',
    'een contact bij een bedrijf dat geen klant is',
    'un contact d’une entreprise non cliente',
  ),
};

export const FACT: Readonly<Record<FactName, Localised>> = {
  brand: words('brand', 'merk', 'marque'),
  roles: words('relation to the operator', 'relatie met de operator', 'relation avec l’opérateur'),
  minor: words('age', 'leeftijd', 'âge'),
  contractStart: words('start of the contract', 'begin van het contract', 'début du contrat'),
  contractEnd: words('end of the contract', 'einde van het contract', 'fin du contrat'),
  fullMarketingObjectionAt: words(
    'objection to all marketing',
    'bezwaar tegen alle marketing',
    'opposition à tout marketing',
  ),
  contactKind: words('kind of contact point', 'soort contactpunt', 'sorte de point de contact'),
  validFrom: words('yours from', 'van u vanaf', 'à vous à partir du'),
  validUntil: words('yours until', 'van u tot', 'à vous jusqu’au'),
};
export const FACT_NAMES = Object.keys(FACT) as FactName[];
export const MINOR = words('a minor', 'minderjarig', 'mineur');
export const OF_AGE = words('of age', 'meerderjarig', 'majeur');
export const NOT_TOLD = words('none told', 'niet opgegeven', 'sans indication');

export const SECTION = words('section', 'afdeling', 'section');
export const OPEN = words('open', 'open', 'ouvert');
export const CLOSED = words('closed', 'gesloten', 'fermé');
export const NONE = words('none', 'geen', 'aucun');
export const NOTICE = words('text shown', 'getoonde tekst', 'texte affiché');
export const THROUGH = words('through', 'via', 'via');
export const THEN = words('then', 'daarna', 'ensuite');
export const BY_DECISION = words('by a decision about', 'door een beslissing over', 'par une décision sur');
