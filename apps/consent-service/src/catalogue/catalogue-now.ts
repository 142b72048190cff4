import { type Catalogue } from '@consent/consent-rules';

/** The catalogue as it is at this moment, for work that waits in between: the one in force may move meanwhile. */
export const catalogueNow = ({ version, purposes, dependants, notices, bundles, systems }: Catalogue): Catalogue => ({
  version,
  purposes,
  dependants,
  notices,
  bundles,
  systems,
});
