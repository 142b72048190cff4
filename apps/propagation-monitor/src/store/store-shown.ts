import { partitionOf } from '@consent/kafka';
import { plainArray, type Transaction } from '@consent/postgres';
import { keyOf, type Slice, SLICE_MS, sliceOf, tailOf } from '../attest/slices.js';
import { type Beat } from '../gather/chunk.js';
import { type Propagation } from '../gather/propagation.js';

const COUNT = `
INSERT INTO shown_slice AS known (slice_start, partition, decisions, id_sum)
SELECT to_timestamp(start / 1000), partition, decisions, id_sum
  FROM unnest($1::float8[], $2::smallint[], $3::bigint[], $4::bigint[]) AS new (start, partition, decisions, id_sum)
ON CONFLICT (slice_start, partition) DO UPDATE
   SET decisions = known.decisions + excluded.decisions, id_sum = known.id_sum + excluded.id_sum`;

const BEGIN = `
INSERT INTO ledger_checked (partition, checked_until)
SELECT partition, to_timestamp(at / 1000) FROM unnest($1::smallint[], $2::float8[]) AS new (partition, at)
ON CONFLICT DO NOTHING`;

/** Counts decisions that the topic has shown for the first time. A subject's partition is the ledger's bucket. */
export async function storeShown(tx: Transaction, shown: readonly Propagation[]): Promise<void> {
  const slices = new Map<string, Slice>();
  for (const { decisionId, subjectId, facts } of shown) {
    if (facts === null) continue;
    const place = { start: sliceOf(facts.committedAt), partition: partitionOf(subjectId) };
    const key = keyOf(place);
    let slice = slices.get(key);
    if (!slice) slices.set(key, (slice = { ...place, decisions: 0, idSum: 0 }));
    slice.decisions++;
    slice.idSum += tailOf(decisionId);
  }
  if (slices.size === 0) return;
  // In one order: two writers that meet wait for each other and never in a circle.
  const rows = [...slices.values()].sort((a, b) => a.start - b.start || a.partition - b.partition);
  await tx.query(
    COUNT,
    [
      plainArray(rows.map(({ start }) => start)),
      plainArray(rows.map(({ partition }) => partition)),
      plainArray(rows.map(({ decisions }) => decisions)),
      plainArray(rows.map(({ idSum }) => idSum)),
    ],
    'count-shown',
  );
}

/**
 * The first heartbeat read of a partition says from where its slices are complete: what is committed after it was appended
 * is published after it. Two slices more, for the broker's clock and the database's may differ.
 */
export async function beginChecking(tx: Transaction, beats: readonly Beat[]): Promise<void> {
  const first = new Map<number, number>();
  for (const { partition, appendedAt } of beats)
    if (appendedAt !== null) first.set(partition, Math.max(first.get(partition) ?? 0, appendedAt));
  if (first.size === 0) return;
  const rows = [...first].sort(([a], [b]) => a - b);
  await tx.query(
    BEGIN,
    [plainArray(rows.map(([partition]) => partition)), plainArray(rows.map(([, at]) => sliceOf(at) + 2 * SLICE_MS))],
    'begin-checking',
  );
}
