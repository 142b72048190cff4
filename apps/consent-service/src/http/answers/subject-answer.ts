import { type HeldState, type ScopeFacts, type SubjectFacts } from '@consent/consent-rules';
import { type KnownSubject } from '../../reads/read-subject.js';
import { type RegisteredFacts } from '../../facts/read-facts-history.js';
import { iso, permissionAnswer } from './decision-answer.js';

const isoOrNull = (time: number | null | undefined): string | null => (time == null ? null : iso(time));

/** The present state of a subject as GET /v1/subjects/{id} answers it. */
export const subjectAnswer = (subjectId: string, { version, facts, view }: KnownSubject) => ({
  subjectId,
  version,
  facts: facts && factsAnswer(facts),
  scopes: view.scopes.map(scopeAnswer),
  states: view.states.map(stateAnswer),
});

/** One version of a subject's facts, and the ledger versions that followed from it. */
export const factsVersionAnswer = (version: RegisteredFacts) => ({
  factsVersion: version.factsVersion,
  recordedAt: iso(version.recordedAt),
  caller: version.caller,
  channel: version.channel,
  facts: {
    brand: version.facts.brand,
    roles: version.facts.roles,
    minor: version.facts.minor,
    contractStart: isoOrNull(version.facts.contractStart),
    contractEnd: isoOrNull(version.facts.contractEnd),
  },
  scopes: version.scopes.map(scopeAnswer),
  entries: { after: version.firstVersion, upTo: version.lastVersion },
});

const scopeAnswer = ({ level, id, brand, kind, validFrom, validUntil }: ScopeFacts) => ({
  level,
  id,
  brand: brand ?? null,
  kind: kind ?? null,
  validFrom: isoOrNull(validFrom),
  validUntil: isoOrNull(validUntil),
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
