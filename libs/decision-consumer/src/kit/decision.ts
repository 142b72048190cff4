import { randomUUID } from 'node:crypto';
import { type ConsentDecision, type Direction, type ScopeLevel, type SystemId } from '@consent/events';

/** A decision in few words: an opening unless it closes, of one triple unless told. */
export interface DecisionInWords {
  purposeId: string;
  version: number;
  closes?: boolean;
  subjectId?: string;
  scopeId?: string;
  level?: ScopeLevel;
}

/** Ids used where the test does not care. */
export const SUBJECT = '5ab1e0c7-0000-4000-8000-000000000001';
export const SCOPE = '5c09e000-0000-4000-8000-000000000001';

/** A complete decision for tests. `change` overrides any field. */
export function decision(
  systemId: SystemId,
  { purposeId, version, closes = false, subjectId = SUBJECT, scopeId = SCOPE, level = 'account' }: DecisionInWords,
  change: Partial<ConsentDecision> = {},
): ConsentDecision {
  const at = 1_790_000_000_000 + version;
  return {
    decisionId: randomUUID(),
    subjectId,
    version,
    scope: { level, id: scopeId },
    purposeId,
    status: closes ? 'withdrawn' : 'given',
    direction: closes ? 'closing' : 'opening',
    permission: { allowed: !closes, reason: closes ? 'withdrawn' : 'given', nextChangeAt: null },
    effective: true,
    cause: 'person',
    bundleId: null,
    notice: null,
    evidence: { channel: 'test', actor: 'self', caller: 'test', origin: null },
    decidedAt: at,
    receivedAt: at,
    committedAt: at,
    catalogueVersion: 'test',
    brand: 'proximus',
    systems: [{ systemId, applyBy: at + 30_000 }],
    attributes: {},
    endedCategories: [],
    ...change,
  };
}

/** The builder of one system's decisions: of a subject and on a scope of its own, of this level, unless told otherwise. */
export const decisionsOf =
  (systemId: SystemId, usualLevel: ScopeLevel) =>
  (
    purposeId: string,
    direction: Direction,
    {
      subjectId = randomUUID(),
      scopeId = randomUUID(),
      level = usualLevel,
      version = 1,
    }: Omit<Partial<DecisionInWords>, 'purposeId' | 'closes'> = {},
  ): ConsentDecision =>
    decision(
      systemId,
      { purposeId, version, closes: direction !== 'opening', subjectId, scopeId, level },
      { direction },
    );
