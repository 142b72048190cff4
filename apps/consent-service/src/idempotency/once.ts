import { createHash } from 'node:crypto';
import { type Transaction } from '@consent/postgres';
import { CATALOGUE_LOCK, CatalogueMovedError } from '../catalogue/fence.js';
import { ProblemError } from '@consent/service-host';

export interface WriteRequest {
  /** Name of the authenticated caller: keys of different callers are apart. */
  caller: string;
  /** The Idempotency-Key header. */
  key: string;
  /** SHA-256 of what was asked: method, path, media type and body. */
  hash: Buffer;
  /** The version of the catalogue that the work decides by. */
  catalogueVersion: string;
  /** True: the work brings another version into force, and waits for every write under the old one to end. */
  movesCatalogue?: boolean | undefined;
}

/** The HTTP status of an answer and what its body is made of; JSON. */
export interface StoredAnswer<A> {
  status: number;
  answer: A;
}

/**
 * Carries a request out once per caller and key, in the given transaction: what it did and its answer commit together.
 * The lock on the key is the transaction's, so a crash frees it and the next attempt starts afresh.
 * Work done by the catalogue holds its fence: the version in force does not move until the transaction ends.
 * @throws CatalogueMovedError when another version is in force; ProblemError 409 while the same key is being worked on, 422 when it was used for another request
 */
export async function once<A>(
  tx: Transaction,
  request: WriteRequest,
  work: () => Promise<StoredAnswer<A>>,
): Promise<StoredAnswer<A> & { repeated: boolean }> {
  const { caller, key, hash, catalogueVersion, movesCatalogue = false } = request;
  // Two statements: the snapshot of the second must be younger than the locks.
  const [lock, stored] = await Promise.all([
    tx.query<{ free: boolean }>(
      movesCatalogue ? LOCK_ALONE : LOCK,
      [lockOf(caller, key), CATALOGUE_LOCK],
      movesCatalogue ? 'lock-key-alone' : 'lock-key',
    ),
    tx.query<{ in_force: string } & (StoredKey<A> | { request_hash: null })>(READ, [caller, key], 'read-key'),
  ]);
  if (lock.rows[0]?.free !== true) throw inFlight(key);
  const before = stored.rows[0];
  if (before && before.request_hash !== null) {
    if (!before.request_hash.equals(hash)) throw otherRequest(key);
    return { status: before.status, answer: before.answer, repeated: true };
  }
  if (before?.in_force !== catalogueVersion)
    throw new CatalogueMovedError(catalogueVersion, before?.in_force ?? 'none');
  const done = await work();
  await tx.query(
    'INSERT INTO idempotency_key (caller, key, request_hash, status, answer) VALUES ($1, $2, $3, $4, $5)',
    [caller, key, hash, done.status, JSON.stringify(done.answer)],
    'store-key',
  );
  return { ...done, repeated: false };
}

interface StoredKey<A> {
  request_hash: Buffer;
  status: number;
  answer: A;
}

const LOCK = 'SELECT pg_try_advisory_xact_lock($1::bigint) AS free, pg_advisory_xact_lock_shared($2::bigint)';
const LOCK_ALONE = 'SELECT pg_try_advisory_xact_lock($1::bigint) AS free, pg_advisory_xact_lock($2::bigint)';

const READ = `
SELECT catalogue.version AS in_force, stored.request_hash, stored.status, stored.answer
  FROM catalogue_in_force AS catalogue
  LEFT JOIN idempotency_key AS stored ON stored.caller = $1 AND stored.key = $2`;

const lockOf = (caller: string, key: string): string =>
  createHash('sha256').update(`${caller}\n${key}`).digest().readBigInt64BE().toString();

const inFlight = (key: string): ProblemError =>
  new ProblemError(
    409,
    'request-in-flight',
    'The same request is being worked on',
    `A request with Idempotency-Key ${key} has not ended yet; expected a new attempt in a moment, with the same key`,
    {},
    { 'retry-after': '1' },
  );

const otherRequest = (key: string): ProblemError =>
  new ProblemError(
    422,
    'idempotency-key-reused',
    'The Idempotency-Key belongs to another request',
    `Idempotency-Key ${key} was used for a request with another body or path; expected a key that is new for each request`,
  );
