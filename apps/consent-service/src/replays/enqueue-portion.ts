import { HEADERS } from '@consent/events';
import { type Transaction } from '@consent/postgres';
import { isBulkFull } from '../relay/bulk-lane.js';

const PORTION = 500;
/** Any constant; one worker of all replicas at a time moves a portion. */
const LOCK_KEY = '7303014520160002';

const ENQUEUE = `
INSERT INTO outbox (lane, kind, position, subject_id, partition, headers)
SELECT 1, 'replay', ledger.position, ledger.subject_id, subject.partition,
       jsonb_strip_nulls(jsonb_build_object(
         '${HEADERS.replayId}', $1::text, '${HEADERS.targetSystem}', $2::text, '${HEADERS.replayMode}', $3::text,
         '${HEADERS.ledgerHead}', CASE WHEN $3 = 'repair' THEN (head.position = ledger.position)::text END))
  FROM replay_item AS item
  JOIN ledger USING (position)
  JOIN subject USING (subject_id)
  LEFT JOIN current_state AS head USING (subject_id, scope_id, purpose_id)
 WHERE item.replay_id = $1::uuid AND item.ordinal > $4 AND item.ordinal <= $4 + $5
 ORDER BY item.ordinal
RETURNING id`;

interface RunRow {
  replay_id: string;
  system_id: string;
  mode: string;
  planned: number;
  enqueued: number;
}

export type PortionResult = 'moved' | 'nothing-to-do' | 'lane-full' | 'other-worker';

/**
 * Moves the next items of the oldest open replay to the bulk lane, and counts them, in one transaction: a crash leaves
 * both done or neither.
 */
export async function enqueuePortion(tx: Transaction, portion = PORTION): Promise<PortionResult> {
  const lock = await tx.query<{ leads: boolean }>('SELECT pg_try_advisory_xact_lock($1::bigint) AS leads', [LOCK_KEY]);
  if (lock.rows[0]?.leads !== true) return 'other-worker';
  const runs = await tx.query<RunRow>(
    `SELECT replay_id, system_id, mode, planned, enqueued FROM replay_run
      WHERE state = 'running' ORDER BY created_at, replay_id LIMIT 1 FOR UPDATE`,
  );
  const run = runs.rows[0];
  if (!run) return 'nothing-to-do';
  if (await isBulkFull(tx)) return 'lane-full';

  const { rows } = await tx.query<{ id: string }>(ENQUEUE, [
    run.replay_id,
    run.system_id,
    run.mode,
    run.enqueued,
    portion,
  ]);
  const enqueued = run.enqueued + rows.length;
  if (rows.length === 0 && enqueued < run.planned)
    throw new Error(`Replay ${run.replay_id} has ${run.planned} decisions planned and only ${enqueued} listed`);
  await tx.query(
    `UPDATE replay_run
        SET enqueued = $2, last_outbox_id = coalesce($3, last_outbox_id),
            state = CASE WHEN $2 >= planned THEN 'enqueued' ELSE state END,
            enqueued_at = CASE WHEN $2 >= planned THEN clock_timestamp() END
      WHERE replay_id = $1`,
    [run.replay_id, enqueued, rows.at(-1)?.id ?? null],
  );
  return 'moved';
}
