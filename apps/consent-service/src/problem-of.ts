import { isTransient } from '@consent/postgres';
import { ProblemError } from '@consent/service-host';

/** The problem that stands for an error of the ledger: one that passes by itself says so. */
export const problemOf = (error: unknown): ProblemError | undefined =>
  isTransient(error)
    ? new ProblemError(
        503,
        'ledger-unavailable',
        'The ledger cannot be reached',
        'Whether the request was carried out is not known; expected the same request again, with the same Idempotency-Key',
        {},
        { 'retry-after': '1' },
      )
    : undefined;
