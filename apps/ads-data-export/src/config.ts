import { readFileSync } from 'node:fs';
import { downstreamConfig } from '@consent/decision-consumer';
import { z } from 'zod';
import { PURPOSES } from './on-decision.js';

const standIns = z.object({ 'ads-data-export': z.record(z.string(), z.enum(PURPOSES)) });

/** The environment of this service. */
export const config = downstreamConfig(3003).extend({
  /** File that says for each system as which of its purposes those of another catalogue are treated. For benchmarks; none in production. */
  STAND_IN_PURPOSES: z
    .string()
    .optional()
    .transform((file, context) => {
      if (file === undefined) return {};
      const read = standIns.safeParse(json(file));
      if (read.success) return read.data['ads-data-export'];
      context.addIssue({
        code: 'custom',
        message: 'expected a JSON file in which ads-data-export maps purpose ids to purposes that it knows',
      });
      return z.NEVER;
    }),
});
export type Config = z.output<typeof config>;

function json(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
