import { type Language, type Localised, type SubjectFacts } from '../types.js';
import { type FactName, type FactSource } from './explanation.js';
import { channelWords } from './channels.js';
import { day, FACT, inEach, MINOR, NOT_TOLD, OF_AGE, ROLE } from './words.js';

/** What is known, who told it first and when, such as "Brand: proximus (crm, 1 November 2026, version 3 of the facts)." */
export const factSentence = (fact: FactName, value: SubjectFacts[FactName], source: FactSource | null): Localised =>
  inEach((l) => {
    const name = FACT[fact][l];
    const told = source === null ? '' : ` (${sourceWords(source, l)})`;
    return `${name.charAt(0).toUpperCase()}${name.slice(1)}: ${valueWords(value, l)}${told}.`;
  });

function valueWords(value: SubjectFacts[FactName], l: Language): string {
  if (value === null || value === undefined) return NOT_TOLD[l];
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return (value ? MINOR : OF_AGE)[l];
  if (typeof value === 'number') return day(value, l);
  return value.map((role) => ROLE[role][l]).join(', ') || NOT_TOLD[l];
}

function sourceWords({ by, channel, recordedAt, factsVersion }: FactSource, l: Language): string {
  const version = {
    en: `version ${factsVersion} of the facts`,
    nl: `versie ${factsVersion} van de feiten`,
    fr: `version ${factsVersion} des faits`,
  }[l];
  const how = channel === null ? [] : [CHANNEL[channel]?.[l] ?? channelWords(channel, l)];
  return [by, ...how, day(recordedAt, l), ...(factsVersion === null ? [] : [version])].join(', ');
}

/** How facts are told; other channels are those of decisions. */
const CHANNEL: Readonly<Record<string, Localised>> = {
  subject: { en: 'for one person', nl: 'voor één persoon', fr: 'pour une personne' },
  batch: { en: 'from a file', nl: 'uit een bestand', fr: 'd’un fichier' },
  transfer: { en: 'with a transfer', nl: 'bij een overdracht', fr: 'lors d’un transfert' },
  decision: { en: 'with a decision', nl: 'bij een beslissing', fr: 'avec une décision' },
};
