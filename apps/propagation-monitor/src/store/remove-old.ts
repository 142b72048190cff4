import { type Transaction } from '@consent/postgres';

/** Rows removed in one transaction: short, so that it never holds up what is being stored. */
const PORTION = 5_000;
/** How long a heartbeat is kept, and so the longest time a late answer to one is waited for. */
const HEARTBEAT_KEPT_MS = 300_000;
/** Lag older than the longest window that can be configured. */
const SLICE_KEPT_MS = 3_700_000;

/** Settled decisions only: a pair that is open stays, and ages, for ever. */
const REMOVE_PROPAGATIONS = `
DELETE FROM propagation
 WHERE decision_id IN (
   SELECT old.decision_id FROM propagation AS old
    WHERE old.seen_at < to_timestamp($1::float8 / 1000)
      AND NOT EXISTS (SELECT FROM unnest(ARRAY(SELECT jsonb_object_keys(old.systems))) AS of_system (system_id)
                        JOIN open_pair USING (system_id)
                       WHERE open_pair.clock_start = old.clock_start AND open_pair.decision_id = old.decision_id)
    ORDER BY old.seen_at LIMIT ${PORTION})`;

/**
 * All but the newest that each system has answered in each partition, and the newest of each partition: a system, or a
 * relay, that has fallen silent gets older for ever. An answer to one that was removed meanwhile makes a row again, without
 * the moment at which it was appended: what the others answered is no longer known, and nothing is lost by it.
 */
const REMOVE_BEATS = `
WITH newest AS (
  SELECT partition, system_id, max(source_offset) AS source_offset
    FROM heartbeat, unnest(answered) AS system_id WHERE appended_at IS NOT NULL GROUP BY 1, 2),
last_read AS (
  SELECT partition, max(source_offset) AS source_offset FROM heartbeat WHERE appended_at IS NOT NULL GROUP BY 1),
gone AS (
  DELETE FROM heartbeat
   WHERE seen_at < to_timestamp($1::float8 / 1000)
     AND (partition, source_offset) NOT IN (SELECT partition, source_offset FROM newest
                                            UNION ALL SELECT partition, source_offset FROM last_read)
  RETURNING partition, source_offset, appended_at, answered),
lost AS (
  SELECT newest.system_id, count(*) AS lost
    FROM gone JOIN newest USING (partition)
   WHERE gone.appended_at IS NOT NULL AND gone.source_offset < newest.source_offset AND NOT newest.system_id = ANY (gone.answered)
   GROUP BY 1)
UPDATE system_heard SET heartbeats_lost = heartbeats_lost + lost.lost FROM lost WHERE lost.system_id = system_heard.system_id`;

/** Removes what is past its time. Returns whether there may be more. */
export async function removeOld(tx: Transaction, now: number, retentionMs: number): Promise<boolean> {
  const { rowCount } = await tx.query(REMOVE_PROPAGATIONS, [now - retentionMs]);
  await tx.query(REMOVE_BEATS, [now - HEARTBEAT_KEPT_MS]);
  await tx.query('DELETE FROM lag_slice WHERE slice_start < to_timestamp($1::float8 / 1000)', [now - SLICE_KEPT_MS]);
  return rowCount === PORTION;
}
