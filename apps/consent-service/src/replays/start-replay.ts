import { randomUUID } from 'node:crypto';
import { type Transaction } from '@consent/postgres';
import { type ReplayInput } from '../http/schemas/replay-input.js';
import { PLAN, planOf, type ReplayPlan } from './plan-replay.js';
import { selectDecisions } from './select-decisions.js';

/**
 * Freezes the list of decisions and leaves the run to the worker. The plan is of the very list that is frozen. A selection
 * that means no decision becomes no run: `replayId` is null, and nothing is stored.
 */
export async function startReplay(
  tx: Transaction,
  input: ReplayInput,
  caller: string,
): Promise<ReplayPlan & { replayId: string | null }> {
  const { sql, values } = selectDecisions(input);
  const some = await tx.query(`SELECT FROM (${sql}) AS chosen LIMIT 1`, values);
  if (some.rowCount === 0) return { replayId: null, decisions: 0, subjects: 0, perPurpose: {} };
  const replayId = randomUUID();
  await tx.query(
    `INSERT INTO replay_run (replay_id, system_id, mode, selection, caller, planned, subjects, per_purpose)
     VALUES ($1, $2, $3, $4, $5, 0, 0, '{}')`,
    [replayId, input.system, input.mode, JSON.stringify(input.select), caller],
  );
  const { rows } = await tx.query<{ plan: ReplayPlan }>(
    `WITH chosen AS MATERIALIZED (${sql}), frozen AS (
       INSERT INTO replay_item (replay_id, ordinal, position)
       SELECT $${values.length + 1}::uuid, row_number() OVER (ORDER BY position), position FROM chosen
     ) ${PLAN}`,
    [...values, replayId],
  );
  const plan = planOf(rows);
  await tx.query('UPDATE replay_run SET planned = $2, subjects = $3, per_purpose = $4 WHERE replay_id = $1', [
    replayId,
    plan.decisions,
    plan.subjects,
    JSON.stringify(plan.perPurpose),
  ]);
  return { replayId, ...plan };
}
