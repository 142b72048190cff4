import { downstreamConfig, standInPurposes } from '@consent/decision-consumer';
import { type z } from 'zod';
import { PURPOSES } from './purposes.js';

/** The environment of this service. */
export const config = downstreamConfig(3001).extend({
  STAND_IN_PURPOSES: standInPurposes('marketing-segmentation', PURPOSES),
});
export type Config = z.output<typeof config>;
