import { type ConsentDecision } from '@consent/events';

export const iso = (time: number): string => new Date(time).toISOString();

/** A recorded decision as writes answer it. */
export const decisionAnswer = (decision: ConsentDecision, position: number) => ({
  decisionId: decision.decisionId,
  subjectId: decision.subjectId,
  version: decision.version,
  position,
  scope: decision.scope,
  purposeId: decision.purposeId,
  status: decision.status,
  direction: decision.direction,
  effective: decision.effective,
  permission: permissionAnswer(decision.permission),
  bundleId: decision.bundleId,
  systems: decision.systems.map(({ systemId, applyBy }) => ({ systemId, applyBy: iso(applyBy) })),
  decidedAt: iso(decision.decidedAt),
  receivedAt: iso(decision.receivedAt),
  committedAt: iso(decision.committedAt),
  catalogueVersion: decision.catalogueVersion,
});
export type DecisionAnswer = ReturnType<typeof decisionAnswer>;

/** With its evidence, as reads answer it. */
export const decisionRecord = (decision: ConsentDecision, position: number) => ({
  ...decisionAnswer(decision, position),
  cause: decision.cause,
  notice: decision.notice,
  evidence: decision.evidence,
  brand: decision.brand,
  attributes: decision.attributes,
  endedCategories: decision.endedCategories.map(({ category, endedAt }) => ({ category, endedAt: iso(endedAt) })),
});

/** `dataSince`: only for data of one kind, where some of them may be used no longer. */
export const permissionAnswer = ({
  allowed,
  reason,
  nextChangeAt,
  dataSince,
}: ConsentDecision['permission'] & { dataSince?: number }) => ({
  allowed,
  reason,
  nextChangeAt: nextChangeAt === null ? null : iso(nextChangeAt),
  ...(dataSince !== undefined && { dataSince: iso(dataSince) }),
});
