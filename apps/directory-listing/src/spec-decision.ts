import { randomUUID } from 'node:crypto';
import { type ConsentDecision, type Direction, type ScopeLevel } from '@consent/events';

/** A decision for specs: on a scope of its own unless told otherwise. */
export function decision(
  purposeId: string,
  direction: Direction,
  { subjectId = randomUUID(), scopeId = randomUUID(), level = 'line' as ScopeLevel, version = 1 } = {},
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
    systems: [{ systemId: 'directory-listing', applyBy: 31_000 }],
    attributes: {},
  };
}
