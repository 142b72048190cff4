import { type ConsentDecision, type PropagationAcknowledgement } from '@consent/events';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** The word null, in any case, is no id: an array literal would read it as NULL. */
const WORD = /^(?!null$)[\w.:-]{1,200}$/i;
/** 9999-12-31. Beyond it neither PostgreSQL's nor ISO's four-digit years reach. */
const LATEST = 253_402_300_799_999;

/** What a record says that no database would take, in a sentence; null when it is fit to be stored. */
export function unfitDecision(decision: ConsentDecision): string | null {
  return (
    notUuid('decisionId', decision.decisionId) ??
    notUuid('subjectId', decision.subjectId) ??
    notUuid('scope.id', decision.scope.id) ??
    notWord('purposeId', decision.purposeId) ??
    notVersion(decision.version) ??
    notTime('committedAt', decision.committedAt) ??
    decision.systems.reduce<string | null>(
      (found, { systemId, applyBy }) => found ?? notWord('systemId', systemId) ?? notTime('applyBy', applyBy),
      null,
    )
  );
}

/**
 * @param systemId the system that alone may write to the topic
 * @param isKnown the decision's ids have been checked with another record of it
 */
export function unfitAcknowledgement(
  answer: PropagationAcknowledgement,
  systemId: string,
  isKnown: boolean,
): string | null {
  if (answer.systemId !== systemId) return `systemId is ${answer.systemId}, expected ${systemId} on its own topic`;
  if (isKnown) return null;
  return (
    notUuid('decisionId', answer.decisionId) ??
    notUuid('subjectId', answer.subjectId) ??
    notUuid('scopeId', answer.scopeId) ??
    notWord('purposeId', answer.purposeId) ??
    notVersion(answer.version)
  );
}

const notUuid = (field: string, value: string): string | null =>
  UUID.test(value) ? null : `${field} is not a UUID in lower case`;

const notWord = (field: string, value: string): string | null =>
  WORD.test(value) ? null : `${field} is not an id of letters, digits and dashes`;

const notVersion = (version: number): string | null =>
  version > 0 ? null : `version is ${version}, expected a positive number`;

const notTime = (field: string, value: number): string | null =>
  value >= 0 && value <= LATEST ? null : `${field} is ${value}, expected epoch milliseconds`;
