import { parseCatalogue } from '../catalogue/parse-catalogue.js';
import { catalogueFiles, realCatalogue } from '../spec-catalogue.js';
import { type Catalogue, type CatalogueFile, type Purpose } from '../types.js';

/** Of the real catalogue: every choice model, scope level, rule and clock, with what stands on what. */
const SOME = [
  'group-affiliate-phone-marketing',
  'customer-service-support',
  'office-visitor-management',
  'directory-contact-listing',
  'directory-profession-listing',
  'prospect-newsletter',
  'customer-base-segmentation',
  'tailored-offers-web-app-usage',
  'customer-direct-marketing',
  'customer-newsletter',
  'advertising-cookies',
  'third-party-advertising-cookies',
  'pickx-on-screen-promotion',
  'pickx-own-promotion',
  'pickx-personalised-tv-ads',
  'ads-data-targeted-advertising',
  'web-app-targeted-advertising',
  'ex-customer-consent-campaign',
  'cookie-data-partner-sharing',
  'contact-by-phone',
  'contact-by-email',
];

/** A catalogue of some purposes; all else is as in the whole one, which bundles reach no further than these. */
function reduced(whole: Catalogue): Catalogue {
  const some = (purposes: readonly string[]) => purposes.filter((id) => SOME.includes(id));
  const only = (purposes: readonly Purpose[]) => purposes.filter(({ id }) => SOME.includes(id));
  return {
    ...whole,
    purposes: new Map([...whole.purposes].filter(([id]) => SOME.includes(id))),
    dependants: new Map([...whole.dependants].map(([id, found]) => [id, only(found)])),
    bundles: new Map([...whole.bundles].map(([id, b]) => [id, { ...b, purposes: some(b.purposes) }])),
  };
}

/** Another text of some rules: a shorter clock, a gate for a brand, an end with the contract, another prerequisite. */
const REWRITTEN: readonly (readonly [id: string, from: string, to: string])[] = [
  ['prospect-newsletter', 'period: P3Y', 'period: P1Y'],
  ['customer-direct-marketing', 'brands: [proximus, scarlet]', 'brands: [proximus]'],
  ['ads-data-targeted-advertising', 'dependsOn: []', 'dependsOn: [advertising-cookies]'],
  ['directory-contact-listing', 'profiling: false', 'profiling: true'],
];

const newerFiles: CatalogueFile[] = catalogueFiles.map((file) => ({
  ...file,
  text: REWRITTEN.reduce((text, [id, from, to]) => {
    const start = text.indexOf(`- id: ${id}\n`);
    if (!file.name.startsWith('purposes/') || start < 0) return text;
    return text.slice(0, start) + text.slice(start).replace(from, to);
  }, file.text),
}));

/** A version as it is stored: its files. */
const stored = [catalogueFiles, newerFiles];
export const OLDER = reduced(realCatalogue);
export const NEWER = reduced(parseCatalogue(newerFiles));

/** The published versions, read again from their files. */
export const readAgain = (): ReadonlyMap<string, Catalogue> =>
  new Map(stored.map((files) => reduced(parseCatalogue(files))).map((catalogue) => [catalogue.version, catalogue]));
