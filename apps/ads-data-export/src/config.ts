import { downstreamConfig, standInPurposes } from '@consent/decision-consumer';
import { type z } from 'zod';
import { PURPOSES } from './on-decision.js';

/** The environment of this service. */
export const config = downstreamConfig(3003).extend({
  STAND_IN_PURPOSES: standInPurposes('ads-data-export', PURPOSES),
});
export type Config = z.output<typeof config>;
