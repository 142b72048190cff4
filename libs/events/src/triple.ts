import type { ConsentDecision } from './wire.generated.js';

/** What a decision decides about. Scope ids are unique across levels, so the level is not part of the key. */
export interface Triple {
  subjectId: string;
  scopeId: string;
  purposeId: string;
}

export const tripleOf = (decision: ConsentDecision): Triple => ({
  subjectId: decision.subjectId,
  scopeId: decision.scope.id,
  purposeId: decision.purposeId,
});

/** A string that is equal for equal triples, for use as a map key. */
export const tripleKey = (t: Triple): string => `${t.subjectId}|${t.scopeId}|${t.purposeId}`;

/** True when the decision leaves the purpose allowed. A direction this reader does not know counts as closing. */
export const opens = (decision: ConsentDecision): boolean =>
  decision.direction === 'opening' && decision.permission.allowed;
