import { REASONS } from './reasons.js';
import { typeset } from './typography.js';
import { type Language, type Localised, type Purpose, type ReasonCode } from './types.js';

/** GDPR art. 6(1), in the words of the catalogue. */
const BASIS: Readonly<Record<string, Localised>> = {
  consent: { en: 'your consent', nl: 'uw toestemming', fr: 'votre consentement' },
  contract: { en: 'your contract', nl: 'uw contract', fr: 'votre contrat' },
  'legal-obligation': { en: 'a legal obligation', nl: 'een wettelijke verplichting', fr: 'une obligation légale' },
  'legitimate-interest': {
    en: 'a legitimate interest',
    nl: 'een gerechtvaardigd belang',
    fr: 'un intérêt légitime',
  },
  'public-interest': { en: 'the public interest', nl: 'het algemeen belang', fr: 'l’intérêt public' },
  'vital-interest': {
    en: 'the vital interests of people',
    nl: 'het vitaal belang van mensen',
    fr: 'les intérêts vitaux de personnes',
  },
};

const and = (l: Language): Intl.ListFormat => new Intl.ListFormat(l, { type: 'conjunction' });
/** Costly to make, so made once. */
const AND = { en: and('en'), nl: and('nl'), fr: and('fr') };

/** A reason as a sentence about one purpose: what is open without a decision says on which ground. */
export function reasonSentence(reason: ReasonCode, purpose: Pick<Purpose, 'legalBasis'> | null): Localised {
  if (purpose === null || (reason !== 'no_choice' && reason !== 'open_by_default')) return REASONS[reason];
  const on = (l: Language): string => AND[l].format(purpose.legalBasis.map((basis) => BASIS[basis]?.[l] ?? basis));
  const ground = {
    en: `This rests on ${on('en')}`,
    nl: `Dit steunt op ${on('nl')}`,
    fr: `Ceci repose sur ${on('fr')}`,
  };
  return typeset(
    reason === 'no_choice'
      ? {
          en: `${ground.en}; no choice exists.`,
          nl: `${ground.nl}; er is geen keuze.`,
          fr: `${ground.fr} ; il n’y a pas de choix.`,
        }
      : {
          en: `${ground.en} and you have not objected.`,
          nl: `${ground.nl} en u hebt geen bezwaar gemaakt.`,
          fr: `${ground.fr} et vous ne vous y êtes pas opposé.`,
        },
  );
}
