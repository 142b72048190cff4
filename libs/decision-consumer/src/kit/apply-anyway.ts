import { type ConsentDecision } from '@consent/events';
import { type Transaction } from '@consent/postgres';
import { anySystem } from '../chunk/run-effects.js';
import { type Effect, type EffectRow, type SystemHandler } from '../system-handler.js';

/**
 * Writes the guard's rows of decisions and runs their effects, each kind in one call, as the consumer does; but anyway:
 * the guard is not asked. For specs of effects, which must come out the same when they run twice.
 * @returns what changed, in the order in which kinds run
 */
export async function applyAnyway<E extends Effect>(
  tx: Transaction,
  handler: SystemHandler<E>,
  decisions: readonly ConsentDecision[],
): Promise<EffectRow[]> {
  const system = anySystem(handler);
  for (const decision of decisions) await writeState(tx, decision);
  const effects = decisions.flatMap((decision) => system.onDecision(decision));
  const rows: EffectRow[] = [];
  for (const kind of system.kinds) {
    const ofKind = effects.filter((effect) => effect.kind === kind);
    if (ofKind.length > 0) rows.push(...(await system.apply(tx, kind, ofKind)));
  }
  return rows;
}

const writeState = (tx: Transaction, decision: ConsentDecision) =>
  tx.query(
    `INSERT INTO decision_state
       (subject_id, scope_id, purpose_id, scope_level, version, decision_id, status, allowed, outcome, applied_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'applied', now())
     ON CONFLICT (subject_id, scope_id, purpose_id) DO UPDATE
       SET version = excluded.version, decision_id = excluded.decision_id, allowed = excluded.allowed`,
    [
      decision.subjectId,
      decision.scope.id,
      decision.purposeId,
      decision.scope.level,
      decision.version,
      decision.decisionId,
      decision.status,
      decision.permission.allowed,
    ],
  );
