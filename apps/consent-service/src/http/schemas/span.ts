import { z } from 'zod';
import { moment } from './common.js';

const LONGEST_MS = 3_600_000;

/** A span of time, as query text: short, so that no request counts the whole ledger. */
export const span = z
  .strictObject({ since: moment, until: moment })
  .refine(({ since, until }) => until > since && until - since <= LONGEST_MS, {
    path: ['until'],
    message: 'a time after since, by an hour at most',
  });
export type Span = z.output<typeof span>;
