import { type Outcome } from '@consent/events';
import { type ConsumedRecord } from '@consent/kafka';
import { type DataSource } from 'typeorm';
import { type Applied } from '../chunk/apply-chunk.js';
import { type DecisionReader, readRecords } from '../chunk/read-records.js';
import { type ChunkRunner, runChunk } from '../chunk/run-chunk.js';
import { isReadable } from '../core/arrival.js';

/** How one parked record came out of a release. */
export interface Released {
  id: string;
  outcome: Outcome;
  reason: string | null;
}

interface Row {
  id: string;
  record_key: Buffer | null;
  record_value: Buffer | null;
  headers: Record<string, string>;
  topic: string;
  partition: number;
  record_offset: number;
  parked_at: Date;
}

// With a row goes what is parked of the same triple, since an opening waits for it; with an unreadable one, what waits of its subject.
const WITH_COMPANY = `
  WITH asked AS (SELECT subject_id, scope_id, purpose_id FROM parked_decision WHERE outcome IS NULL AND id = ANY ($1::bigint[]))
  SELECT p.id::text, p.record_key, p.record_value, p.headers, p.topic, p.partition, p.record_offset::float8 AS record_offset,
         p.parked_at
  FROM parked_decision p
  WHERE p.outcome IS NULL AND (p.id = ANY ($1::bigint[]) OR EXISTS (
    SELECT FROM asked a WHERE a.subject_id = p.subject_id
      AND ((a.scope_id = p.scope_id AND a.purpose_id = p.purpose_id) OR (a.scope_id IS NULL AND p.reason = $2))))
  ORDER BY p.id`;

/**
 * Applies parked records again, from their bytes, through the same way as any chunk. Their rows stay until the
 * acknowledgement is confirmed; what fails again stays parked.
 * @throws RegistryError UNREACHABLE
 */
export async function releaseParked(
  ids: readonly string[],
  dataSource: DataSource,
  reader: DecisionReader,
  runner: ChunkRunner,
): Promise<{ released: Released[]; applied: Applied }> {
  const rows = await dataSource.query<Row[]>(WITH_COMPANY, [ids, 'waits_for_parked']);
  const records = new Map(rows.map((row) => [recordOf(row), row.id]));
  const entries = await readRecords([...records.keys()], reader, records);
  const applied = await runChunk({ entries, moves: [] }, runner);
  const concluded = new Map(applied.concluded.map((c) => [c.arrival.parkedId, c]));
  const unreadable = new Map(
    entries.flatMap((entry) => (isReadable(entry) ? [] : [[entry.parkedId, entry.reason] as const])),
  );
  const released = rows.map(({ id }): Released => {
    const answer = concluded.get(id);
    return { id, outcome: answer?.outcome ?? 'parked', reason: answer?.reason ?? unreadable.get(id) ?? null };
  });
  return { released, applied };
}

const recordOf = (row: Row): ConsumedRecord => ({
  topic: row.topic,
  partition: row.partition,
  offset: row.record_offset,
  timestamp: row.parked_at.getTime(),
  key: row.record_key,
  value: row.record_value,
  headers: row.headers,
});
