import { type ConsentDecision } from '@consent/events';
import { type Language, type Localised, type ScopeLevel } from '../types.js';
import { french } from '../typography.js';
import { SECTION, words } from './words.js';

/** What stands around the sentences of an explanation where it is printed, in one language. */
export type PrintedWhy = ReturnType<typeof printedWhy>;

export const printedWhy = (l: Language) => ({
  answer: (about: string, allowed: boolean): string => {
    const text = `${about}: ${(allowed ? ALLOWED : NOT_ALLOWED)[l]}`;
    return l === 'fr' ? french(text) : text;
  },
  scope: (level: string): string => LEVEL[level as ScopeLevel]?.[l] ?? level,
  actor: (actor: string): string => ACTOR[actor as Actor]?.[l] ?? actor,
  section: (section: string): string => `${SECTION[l]} ${section}`,
  catalogue: (version: string): string => `${CATALOGUE[l]} ${version}`,
  decision: (id: string): string => `${DECISION[l]} ${id}`,
  position: (position: number): string => `${POSITION[l]} ${position}`,
  factsAt: (at: string): string => `${FACTS_AT[l]} ${at}.`,
  noFacts: NO_FACTS[l],
  knownSince: (at: string): string => `${KNOWN_SINCE[l]} ${at}.`,
  wouldChange: WOULD_CHANGE[l],
  nothingChanges: NOTHING_CHANGES[l],
});

type Actor = ConsentDecision['evidence']['actor'];

const ALLOWED = words('allowed', 'toegelaten', 'autorisé');
const NOT_ALLOWED = words('not allowed', 'niet toegelaten', 'non autorisé');
const CATALOGUE = words('catalogue', 'catalogus', 'catalogue');
const DECISION = words('decision', 'beslissing', 'décision');
const POSITION = words('position', 'positie', 'position');
const FACTS_AT = words(
  'Under the facts registered on',
  'Volgens de feiten die geregistreerd zijn op',
  'Selon les faits enregistrés le',
);
const NO_FACTS = words(
  'No facts were registered by then.',
  'Er waren toen nog geen feiten geregistreerd.',
  'Aucun fait n’était enregistré à ce moment.',
);
const KNOWN_SINCE = words(
  'Told in part only: what was known at each moment is kept since',
  'Slechts ten dele: wat op elk moment bekend was, wordt bewaard sinds',
  'En partie seulement : ce qui était connu à chaque moment est conservé depuis',
);
const WOULD_CHANGE = words('What would change it:', 'Wat dit zou veranderen:', 'Ce qui changerait ceci:');
const NOTHING_CHANGES = words(
  'No one thing that can happen would change it, nor up to five of them together.',
  'Geen enkele gebeurtenis zou het veranderen, ook geen vijf samen.',
  'Aucun événement n’y changerait rien, ni même cinq à la fois.',
);

const LEVEL: Readonly<Record<ScopeLevel, Localised>> = {
  person: words('person', 'persoon', 'personne'),
  account: words('account', 'account', 'compte'),
  line: words('line', 'lijn', 'ligne'),
  device: words('device', 'toestel', 'appareil'),
  contact_point: words('contact point', 'contactpunt', 'point de contact'),
};

const ACTOR: Readonly<Record<Actor, Localised>> = {
  self: words('the person', 'de persoon', 'la personne'),
  guardian: words('a guardian', 'een voogd', 'un tuteur'),
  agent: words('an agent', 'een medewerker', 'un agent'),
  system: words('a system', 'een systeem', 'un système'),
  unknown: words('not known', 'niet bekend', 'inconnu'),
};
