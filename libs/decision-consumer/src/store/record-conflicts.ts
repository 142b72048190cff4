import { tripleOf } from '@consent/events';
import { type Transaction } from '@consent/postgres';
import { type Conflict } from '../core/fold.js';

/** @param now epoch ms */
export async function recordConflicts(tx: Transaction, conflicts: readonly Conflict[], now: number): Promise<void> {
  for (const { decision, heldDecisionId } of conflicts) {
    const { subjectId, scopeId, purposeId } = tripleOf(decision);
    await tx.query(
      `INSERT INTO decision_conflict (decision_id, subject_id, scope_id, purpose_id, version, held_decision_id, seen_at)
       VALUES ($1, $2, $3, $4, $5, $6, to_timestamp($7::float8 / 1000)) ON CONFLICT DO NOTHING`,
      [decision.decisionId, subjectId, scopeId, purposeId, decision.version, heldDecisionId, now],
    );
  }
}
