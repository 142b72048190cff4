import { readFileSync } from 'node:fs';
import { downstreamConfig } from '@consent/decision-consumer';
import { z } from 'zod';
import { PURPOSES } from './on-decision.js';

const standIns = z.object({ 'directory-listing': z.record(z.string(), z.enum(PURPOSES)) });

const SUPPLIER = /^([a-z][a-z0-9-]{0,62})=([0-9a-f]{64})$/;

/** The environment of this service. */
export const config = downstreamConfig(3004).extend({
  /** Who may send feeds: `other-operator=<SHA-256 of its token, hex>`, several separated by commas. Without it feeds need no token. */
  SUPPLIER_TOKENS_SHA256: z
    .string()
    .transform((text, context) => {
      const found = text.split(',').map((part) => SUPPLIER.exec(part.trim()));
      if (found.every((match) => match !== null))
        return Object.fromEntries(found.map(([, supplier, hash]) => [supplier, hash] as [string, string]));
      context.addIssue({
        code: 'custom',
        message: 'expected supplier=SHA-256 of its token in lower-case hex, several separated by commas',
      });
      return z.NEVER;
    })
    .optional(),
  /** File that says for each system as which of its purposes those of another catalogue are treated. For benchmarks; none in production. */
  STAND_IN_PURPOSES: z
    .string()
    .optional()
    .transform((file, context) => {
      if (file === undefined) return {};
      const read = standIns.safeParse(json(file));
      if (read.success) return read.data['directory-listing'];
      context.addIssue({
        code: 'custom',
        message: 'expected a JSON file in which directory-listing maps purpose ids to purposes that it knows',
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
