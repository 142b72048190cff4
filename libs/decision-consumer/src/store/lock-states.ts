import { type EffectCount, type Outcome, type Triple } from '@consent/events';
import { plainArray, type Transaction } from '@consent/postgres';
import { type HeldState } from '../core/held.js';

// Ordered, so that two chunks with triples in common wait for each other instead of deadlocking. The lock comes before the
// effects: whoever acts on a state FOR SHARE has finished, or will see the new one.
const LOCK = `
  SELECT t.n::int AS n, s.version::float8 AS version, s.decision_id, s.allowed, s.outcome, s.reason, s.effects,
         date_part('epoch', s.applied_at) * 1000 AS applied_at
  FROM unnest($1::uuid[], $2::uuid[], $3::text[]) WITH ORDINALITY AS t (subject_id, scope_id, purpose_id, n)
  JOIN decision_state s USING (subject_id, scope_id, purpose_id)
  ORDER BY s.subject_id, s.scope_id, s.purpose_id
  FOR NO KEY UPDATE OF s`;

interface Row {
  n: number;
  version: number;
  decision_id: string;
  allowed: boolean;
  outcome: Outcome;
  reason: string | null;
  effects: EffectCount[] | null;
  applied_at: number;
}

/** Locks and reads what is held of the triples; those never seen are absent from the answer. */
export async function lockStates(
  tx: Transaction,
  groups: ReadonlyMap<string, { triple: Triple }>,
): Promise<Map<string, HeldState>> {
  // In the order of the index: neighbours share its pages.
  const sorted = [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
  const triples = sorted.map(([, { triple }]) => triple);
  const { rows } = await tx.query<Row>(
    LOCK,
    [
      plainArray(triples.map((t) => t.subjectId)),
      plainArray(triples.map((t) => t.scopeId)),
      plainArray(triples.map((t) => t.purposeId)),
    ],
    'lock-states',
  );
  return new Map(
    rows.map((row) => [
      sorted[row.n - 1]?.[0] ?? '',
      {
        version: row.version,
        decisionId: row.decision_id,
        allowed: row.allowed,
        outcome: row.outcome,
        reason: row.reason,
        effects: row.effects ?? [],
        appliedAt: Math.round(row.applied_at),
      },
    ]),
  );
}
