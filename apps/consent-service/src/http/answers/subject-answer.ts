import { type HeldState, type SubjectFacts } from '@consent/consent-rules';
import { type KnownSubject } from '../../reads/read-subject.js';
import { iso, permissionAnswer } from './decision-answer.js';

const isoOrNull = (time: number | null | undefined): string | null => (time == null ? null : iso(time));

/** The present state of a subject as GET /v1/subjects/{id} answers it. */
export const subjectAnswer = (subjectId: string, { version, facts, view }: KnownSubject) => ({
  subjectId,
  version,
  facts: facts && factsAnswer(facts),
  scopes: view.scopes.map(({ level, id, brand, kind }) => ({ level, id, brand: brand ?? null, kind: kind ?? null })),
  states: view.states.map(stateAnswer),
});

const factsAnswer = (facts: SubjectFacts) => ({
  brand: facts.brand,
  roles: facts.roles,
  minor: facts.minor,
  contractStart: isoOrNull(facts.contractStart),
  contractEnd: isoOrNull(facts.contractEnd),
  fullMarketingObjectionAt: isoOrNull(facts.fullMarketingObjectionAt),
});

const stateAnswer = ({ scope, purposeId, state }: HeldState) => ({
  scope,
  purposeId,
  status: state.status,
  permission: permissionAnswer(state),
  version: state.version,
  decisionId: state.decisionId,
  decidedAt: isoOrNull(state.decidedAt),
});
