import { databaseConfig, hostConfig, kafkaConfig } from '@consent/service-host';
import { z } from 'zod';
import { PURPOSES } from './on-decision.js';

const EXPECTED = `a JSON object from purpose ids to one of ${PURPOSES.join(', ')}`;

/** The environment of this service. */
export const config = z.object({
  ...hostConfig(3003).shape,
  ...databaseConfig.shape,
  ...kafkaConfig.shape,
  /** Purposes of another catalogue, each treated as one that this system knows. For benchmarks; none in production. */
  STAND_IN_PURPOSES: z
    .string()
    .default('{}')
    .transform((text, context) => {
      const read = z.record(z.string(), z.enum(PURPOSES)).safeParse(json(text));
      if (read.success) return read.data;
      context.addIssue({ code: 'custom', message: `expected ${EXPECTED}` });
      return z.NEVER;
    }),
});

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
