import { type Status } from './types.js';

/** Statuses after which nothing of the person stands against the purpose. */
const OPENING: ReadonlySet<Status> = new Set<Status>(['given', 'objection_rejected', 'objection_lifted']);

/** Statuses that say no. `requested` is neither: asking closes nothing and opens nothing. */
const CLOSING: ReadonlySet<Status> = new Set<Status>([
  'refused',
  'withdrawn',
  'expired',
  'revoked',
  'objected',
  'objection_submitted',
]);

export const isOpening = (status: Status): boolean => OPENING.has(status);
export const isClosing = (status: Status): boolean => CLOSING.has(status);
