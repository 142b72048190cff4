import { downstreamConfig, standInPurposes } from '@consent/decision-consumer';
import { z } from 'zod';
import { PURPOSES } from './on-decision.js';

const SUPPLIER = /^([a-z][a-z0-9-]{0,62})=([0-9a-f]{64})$/;

/** The environment of this service. */
export const config = downstreamConfig(3004).extend({
  /** Who may send feeds: `other-operator=<SHA-256 of its token, hex>`, several separated by commas. Without it feeds need no token. */
  SUPPLIER_TOKENS_SHA256: z
    .string()
    .transform((text, context) => {
      const found = text.split(',').map((part) => SUPPLIER.exec(part.trim()));
      // One name with two tokens, or one token for two, would leave open who sent a feed.
      const isOnceOnly = [1, 2].every((part) => new Set(found.map((match) => match?.[part])).size === found.length);
      if (isOnceOnly && found.every((match) => match !== null))
        return Object.fromEntries(found.map(([, supplier, hash]) => [supplier, hash] as [string, string]));
      context.addIssue({
        code: 'custom',
        message:
          'expected supplier=SHA-256 of its token in lower-case hex, several separated by commas, each supplier and each token once',
      });
      return z.NEVER;
    })
    .optional(),
  STAND_IN_PURPOSES: standInPurposes('directory-listing', PURPOSES),
});
export type Config = z.output<typeof config>;
