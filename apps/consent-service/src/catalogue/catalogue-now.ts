import { type Catalogue } from '@consent/consent-rules';

/** The catalogue as it is at this moment, for work that waits in between: the one in force may move meanwhile. */
export const catalogueNow = (catalogue: Catalogue): Catalogue => ({
  version: catalogue.version,
  purposes: catalogue.purposes,
  dependants: catalogue.dependants,
  notices: catalogue.notices,
  bundles: catalogue.bundles,
  dataCategories: catalogue.dataCategories,
  systems: catalogue.systems,
  confirmWithin: catalogue.confirmWithin,
});
