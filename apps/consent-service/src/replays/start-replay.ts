import { randomUUID } from 'node:crypto';
import { type Transaction } from '@consent/postgres';
import { type ReplayInput } from '../http/schemas/replay-input.js';
import { PLAN, planOf, type ReplayPlan } from './plan-replay.js';
import { selectDecisions } from './select-decisions.js';

/** Freezes the list of decisions and leaves the run to the worker. The plan is of the very list that is frozen. */
export async function startReplay(
  tx: Transaction,
  input: ReplayInput,
  caller: string,
): Promise<ReplayPlan & { replayId: string }> {
  const replayId = randomUUID();
  const { sql, values } = selectDecisions(input);
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
