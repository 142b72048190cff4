import { PARTITIONS } from '@consent/events';
import { type Transaction } from '@consent/postgres';

/** Heartbeats before the cursor alone: a decision that is read and still held for its answers keeps the cursor before it. */
const READ = `
SELECT CASE WHEN count(*) = ${PARTITIONS} THEN (extract(epoch FROM min(at)) * 1000)::float8 END AS at
  FROM (SELECT max(beat.committed_at) AS at
          FROM heartbeat AS beat
          JOIN read_cursor AS cursor ON cursor.topic = $1 AND cursor.partition = beat.partition AND beat.source_offset < cursor.next_offset
         WHERE beat.committed_at IS NOT NULL
         GROUP BY beat.partition) AS newest`;

/**
 * The moment, by the clock of the ledger's database, up to which every live decision accepted is stored here: a heartbeat
 * waits in the outbox like any decision, so what was accepted before it is published before it. Null while a partition has
 * shown no heartbeat lately.
 */
export async function readCountedUntil(tx: Transaction, decisionsTopic: string): Promise<number | null> {
  const { rows } = await tx.query<{ at: number | null }>(READ, [decisionsTopic]);
  return rows[0]?.at ?? null;
}
