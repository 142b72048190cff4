import { type ConsentDecision, UUID } from '@consent/events';

const PURPOSE = /^[a-z0-9]+(-[a-z0-9]+)*$/;
/** It is part of a primary key, and an index takes no more than 2,700 bytes. */
const LONGEST_PURPOSE = 200;

export const isId = (text: string): boolean => UUID.test(text);

const noId = (field: string, found: string): string =>
  `${field} is ${JSON.stringify(found.slice(0, 60))}, expected a lower-case UUID`;

/**
 * What keeps a decoded decision from being stored, or null. Avro promises strings, not ids; one bad id would fail the
 * statement of a whole chunk.
 */
export function malformation(decision: ConsentDecision): string | null {
  if (!isId(decision.decisionId)) return noId('decisionId', decision.decisionId);
  if (!isId(decision.subjectId)) return noId('subjectId', decision.subjectId);
  if (!isId(decision.scope.id)) return noId('scope.id', decision.scope.id);
  if (!Number.isSafeInteger(decision.version) || decision.version < 1)
    return `version is ${decision.version}, expected a whole number from 1`;
  if (decision.purposeId.length > LONGEST_PURPOSE || !PURPOSE.test(decision.purposeId))
    return `purposeId is ${JSON.stringify(decision.purposeId.slice(0, 60))}, expected kebab-case of up to ${LONGEST_PURPOSE} characters`;
  return null;
}
