import { describe, expect, it } from '@jest/globals';
import { realCatalogue } from '../spec-catalogue.js';
import { type Language } from '../types.js';

const LANGUAGES: readonly Language[] = ['nl', 'fr', 'en'];

/** What a choice is about, in the words of each language. */
const MATTERS: readonly Readonly<Record<Language, RegExp>>[] = [
  { en: /\bapps?\b/, nl: /\bapps?\b/, fr: /\b(applis?|applications?)\b/ },
  { en: /this device/, nl: /dit toestel/, fr: /cet appareil/ },
  { en: /phone/, nl: /telefoon/, fr: /téléphon/ },
  { en: /e-mail/, nl: /e-?mail/, fr: /e-mail/ },
  { en: /enquiry service/, nl: /inlichtingendienst/, fr: /services? de renseignements/ },
  { en: /with your consent/i, nl: /met uw toestemming/i, fr: /avec votre accord/i },
  { en: /their people/, nl: /hun mensen/, fr: /leurs collaborateurs/ },
];

describe('a summary', () => {
  it('names apps, devices, channels and whom it concerns in Dutch, French and English alike: who agrees reads one of them', () => {
    const missing = [...realCatalogue.purposes.values()].flatMap(({ id, summary }) =>
      MATTERS.flatMap((matter) => {
        const said = LANGUAGES.filter((language) => matter[language].test(summary[language]));
        return said.length === 0 || said.length === LANGUAGES.length
          ? []
          : [`${id}: ${String(matter.en)} in ${said.join()} alone`];
      }),
    );
    expect(missing).toEqual([]);
  });
});
