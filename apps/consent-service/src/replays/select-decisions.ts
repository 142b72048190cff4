import { type ReplayInput } from '../http/schemas/replay-input.js';

/**
 * Of the ledger, the positions that a selection means, as SQL and its values: a column `position` and a column
 * `purpose_id`, `subject_id` of each. Only decisions that concern the system; all conditions given must hold.
 * Mode repair takes the newest entry of each triple that the selection touches.
 */
export function selectDecisions({ system, mode, select }: Omit<ReplayInput, 'dryRun'>): {
  sql: string;
  values: unknown[];
} {
  const values: unknown[] = [JSON.stringify([{ systemId: system }])];
  const value = (one: unknown): string => `$${values.push(one)}`;
  const conditions = ['entry.systems @> $1::jsonb'];
  if (select.subject !== undefined) conditions.push(`entry.subject_id = ${value(select.subject)}::uuid`);
  if (select.purpose !== undefined) conditions.push(`entry.purpose_id = ${value(select.purpose)}`);
  if (select.since !== undefined)
    conditions.push(`entry.committed_at >= to_timestamp(${value(select.since)}::float8 / 1000)`);
  if (select.decisionIds !== undefined)
    conditions.push(`entry.decision_id = ANY (${value(select.decisionIds)}::uuid[])`);
  const where = conditions.join(' AND ');
  const sql =
    mode === 'redeliver'
      ? `SELECT position, subject_id, purpose_id FROM ledger AS entry WHERE ${where}`
      : `SELECT DISTINCT head.position, head.subject_id, head.purpose_id
           FROM ledger AS entry
           JOIN current_state AS head USING (subject_id, scope_id, purpose_id)
           JOIN ledger AS newest ON newest.position = head.position AND newest.systems @> $1::jsonb
          WHERE ${where}`;
  return { sql, values };
}
