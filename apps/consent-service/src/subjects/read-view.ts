import { type SubjectFacts, type SubjectView } from '@consent/consent-rules';
import { type Reader } from '../ledger/read-positions.js';
import { readStates } from './read-states.js';
import { readSubjectScopes } from './read-subject-scopes.js';

/** All that is known of one subject, as the rules see it. */
export async function readView(reader: Reader, subjectId: string, facts: SubjectFacts | null): Promise<SubjectView> {
  const one = new Set([subjectId]);
  const scopes = await readSubjectScopes(reader, one);
  const states = await readStates(reader, [], one);
  return { subjectId, facts, scopes, states: states.get(subjectId) ?? [] };
}
