import { type ReplayInput } from '../http/schemas/replay-input.js';
import { type Reader } from '../ledger/read-positions.js';
import { selectDecisions } from './select-decisions.js';

/** What a replay would send, or sends: exact counts. */
export interface ReplayPlan {
  decisions: number;
  subjects: number;
  perPurpose: Record<string, number>;
}

/** Counts what a selection means at this moment; stores nothing. */
export async function planReplay(reader: Reader, input: Omit<ReplayInput, 'dryRun'>): Promise<ReplayPlan> {
  const { sql, values } = selectDecisions(input);
  const { rows } = await reader.query<{ plan: ReplayPlan }>(`WITH chosen AS (${sql}) ${PLAN}`, values);
  return planOf(rows);
}

/** Over a relation `chosen`. */
export const PLAN = `
SELECT jsonb_build_object(
  'decisions', (SELECT count(*) FROM chosen),
  'subjects', (SELECT count(DISTINCT subject_id) FROM chosen),
  'perPurpose', (SELECT coalesce(jsonb_object_agg(purpose_id, n), '{}')
                   FROM (SELECT purpose_id, count(*) AS n FROM chosen GROUP BY purpose_id) AS counted)) AS plan`;

export function planOf(rows: readonly { plan: ReplayPlan }[]): ReplayPlan {
  const plan = rows[0]?.plan;
  if (!plan) throw new Error('The plan has no counts');
  return plan;
}
