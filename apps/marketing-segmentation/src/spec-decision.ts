import { randomUUID } from 'node:crypto';
import { type ConsentDecision, type Direction, type ScopeLevel } from '@consent/events';
import { type Transaction } from '@consent/postgres';

interface Told {
  subjectId?: string;
  scopeId?: string;
  level?: ScopeLevel;
  version?: number;
}

/** A decision for specs: of a subject and on a scope of its own unless told otherwise. */
export function decision(
  purposeId: string,
  direction: Direction,
  { subjectId = randomUUID(), scopeId = randomUUID(), level = 'person', version = 1 }: Told = {},
): ConsentDecision {
  const allowed = direction === 'opening';
  return {
    decisionId: randomUUID(),
    subjectId,
    version,
    scope: { level, id: scopeId },
    purposeId,
    status: allowed ? 'given' : 'withdrawn',
    direction,
    permission: { allowed, reason: allowed ? 'granted' : 'withdrawn', nextChangeAt: null },
    effective: true,
    cause: 'person',
    bundleId: null,
    notice: null,
    evidence: { channel: 'myproximus-web', actor: 'self', caller: 'specs', origin: null },
    decidedAt: 1_000,
    receivedAt: 1_000,
    committedAt: 1_000,
    catalogueVersion: '2026-01-01.000000000000',
    brand: 'proximus',
    systems: [{ systemId: 'marketing-segmentation', applyBy: 31_000 }],
    attributes: {},
  };
}

/** Writes the guard's row of a decision, as the consumer does in the transaction of its effects. */
export const guard = (tx: Transaction, made: ConsentDecision) =>
  tx.query(
    `INSERT INTO decision_state
       (subject_id, scope_id, purpose_id, scope_level, version, decision_id, status, allowed, outcome, applied_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'applied', now())
     ON CONFLICT (subject_id, scope_id, purpose_id) DO UPDATE
       SET version = excluded.version, decision_id = excluded.decision_id, allowed = excluded.allowed`,
    [
      made.subjectId,
      made.scope.id,
      made.purposeId,
      made.scope.level,
      made.version,
      made.decisionId,
      made.status,
      made.permission.allowed,
    ],
  );
