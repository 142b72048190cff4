import { type Triple } from '@consent/events';
import { plainArray, textArray, type Transaction } from '@consent/postgres';
import { type StateWrite } from '../core/conclude.js';
import { effectsArray } from './effects-array.js';

const COLUMNS = `unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::bigint[], $6::uuid[], $7::text[], $8::boolean[],
         $9::text[], $10::text[], $11::jsonb[])`;
const NAMES =
  'subject_id, scope_id, purpose_id, scope_level, version, decision_id, status, allowed, outcome, reason, effects';

const INSERT = `
  INSERT INTO decision_state (${NAMES}, applied_at)
  SELECT ${NAMES}, to_timestamp($12::float8 / 1000) FROM ${COLUMNS} AS w (${NAMES})
  ON CONFLICT DO NOTHING`;

// The held version is the guard: it was read under the lock, and the write is lost when it is another one by now.
const UPDATE = `
  UPDATE decision_state s
  SET scope_level = w.scope_level, version = w.version, decision_id = w.decision_id, status = w.status, allowed = w.allowed,
      outcome = w.outcome, reason = w.reason, effects = w.effects, applied_at = to_timestamp($12::float8 / 1000)
  FROM ROWS FROM (${COLUMNS}, unnest($13::bigint[])) AS w (${NAMES}, held_version)
  WHERE s.subject_id = w.subject_id AND s.scope_id = w.scope_id AND s.purpose_id = w.purpose_id
    AND s.version = w.held_version`;

/** Somebody else wrote a state between the lock and the write: the chunk is planned again on what is there now. */
export class ConcurrentWriterError extends Error {
  override name = 'ConcurrentWriterError';
}

/** @param now epoch ms, when the states came into force @throws ConcurrentWriterError */
export async function writeStates(tx: Transaction, writes: readonly StateWrite[], now: number): Promise<void> {
  const sorted = writes.toSorted(inIndexOrder);
  const first = sorted.filter(({ heldVersion }) => heldVersion === null);
  const next = sorted.filter(({ heldVersion }) => heldVersion !== null);
  const versions = plainArray(next.map((w) => w.heldVersion ?? 0));
  const [inserted, updated] = await Promise.all([
    first.length === 0 ? NOTHING : tx.query(INSERT, [...columns(first), now], 'insert-states'),
    next.length === 0 ? NOTHING : tx.query(UPDATE, [...columns(next), now, versions], 'update-states'),
  ]);
  expectAll(first, inserted);
  expectAll(next, updated);
}

/** Neighbours share the pages of the index. */
const inIndexOrder = ({ triple: a }: StateWrite, { triple: b }: StateWrite): number =>
  a.subjectId < b.subjectId ? -1 : Number(a.subjectId > b.subjectId);

const NOTHING = { rowCount: 0 };

function expectAll(writes: readonly StateWrite[], { rowCount }: { rowCount: number }): void {
  if (rowCount !== writes.length)
    throw new ConcurrentWriterError(
      `Wrote ${rowCount} of ${writes.length} states: another writer was faster with the others`,
    );
}

const columns = (writes: readonly StateWrite[]): string[] => [
  plainArray(writes.map((w) => w.triple.subjectId)),
  plainArray(writes.map((w) => w.triple.scopeId)),
  plainArray(writes.map((w) => w.triple.purposeId)),
  plainArray(writes.map((w) => w.scopeLevel)),
  plainArray(writes.map((w) => w.version)),
  plainArray(writes.map((w) => w.decisionId)),
  plainArray(writes.map((w) => w.status)),
  plainArray(writes.map((w) => w.allowed)),
  plainArray(writes.map((w) => w.outcome)),
  textArray(writes.map((w) => w.reason)),
  effectsArray(writes.map((w) => w.effects)),
];

/** Closes what is held of the triples and leaves the rest: a parked decision does not become the one applied. */
export async function closeStates(tx: Transaction, triples: readonly Triple[]): Promise<void> {
  await tx.query(
    `UPDATE decision_state s SET allowed = false
     FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS t (subject_id, scope_id, purpose_id)
     WHERE s.subject_id = t.subject_id AND s.scope_id = t.scope_id AND s.purpose_id = t.purpose_id`,
    [
      plainArray(triples.map((t) => t.subjectId)),
      plainArray(triples.map((t) => t.scopeId)),
      plainArray(triples.map((t) => t.purposeId)),
    ],
  );
}
