import {
  type ConsentDecision,
  HEARTBEAT_PURPOSE,
  PARTITIONS,
  type PropagationAcknowledgement,
  UUID,
} from '@consent/events';

/** The word null, in any case, is no id: an array literal would read it as NULL. Nor is __proto__, which an object would not hold. */
const WORD = /^(?!null$)[a-z0-9][\w.:-]{0,199}$/i;
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
  const unfit = unfitClaim(answer);
  if (unfit !== null || isKnown) return unfit;
  return (
    notUuid('decisionId', answer.decisionId) ??
    notUuid('subjectId', answer.subjectId) ??
    notUuid('scopeId', answer.scopeId) ??
    notWord('purposeId', answer.purposeId) ??
    notVersion(answer.version)
  );
}

/** What the system says of itself: of an answer to a heartbeat it is stored by its place. */
function unfitClaim({ appliedAt, purposeId, source, parkedRecords }: PropagationAcknowledgement): string | null {
  if (appliedAt !== null && notTime('appliedAt', appliedAt) !== null) return notTime('appliedAt', appliedAt);
  if (purposeId !== HEARTBEAT_PURPOSE) return null;
  if (source.partition < 0 || source.partition >= PARTITIONS)
    return `source.partition is ${source.partition}, expected 0 to ${PARTITIONS - 1}`;
  if (source.offset < 0) return `source.offset is ${source.offset}, expected no negative number`;
  return parkedRecords !== null && parkedRecords < 0
    ? `parkedRecords is ${parkedRecords}, expected no negative number`
    : null;
}

const notUuid = (field: string, value: string): string | null =>
  UUID.test(value) ? null : `${field} is not a UUID in lower case`;

const notWord = (field: string, value: string): string | null =>
  WORD.test(value) ? null : `${field} is not an id of letters, digits and dashes`;

const notVersion = (version: number): string | null =>
  version > 0 ? null : `version is ${version}, expected a positive number`;

const notTime = (field: string, value: number): string | null =>
  value >= 0 && value <= LATEST ? null : `${field} is ${value}, expected epoch milliseconds`;
