import { type Transaction } from '@consent/postgres';
import { type LockedSubject, lockSubjects, peekSubjects } from '../subjects/lock-subjects.js';
import { readStates } from '../subjects/read-states.js';
import { readSubjectScopes } from '../subjects/read-subject-scopes.js';
import { SubjectDraft } from '../subjects/subject-draft.js';
import { type FactsDraft } from './facts-batch.js';

/** Locks subjects in the order of their ids and reads all that is known of them; an id not known yet gets its row. */
export const lockFacts = async (tx: Transaction, subjectIds: ReadonlySet<string>): Promise<Map<string, FactsDraft>> =>
  draftsOf(tx, subjectIds, await lockSubjects(tx, subjectIds));

/** The same without locks, to look only: it may have changed when it is read. */
export const readFacts = async (tx: Transaction, subjectIds: ReadonlySet<string>): Promise<Map<string, FactsDraft>> =>
  draftsOf(tx, subjectIds, await peekSubjects(tx, subjectIds));

async function draftsOf(
  tx: Transaction,
  subjectIds: ReadonlySet<string>,
  subjects: ReadonlyMap<string, LockedSubject>,
): Promise<Map<string, FactsDraft>> {
  const scopes = Map.groupBy(await readSubjectScopes(tx, subjectIds), ({ subjectId }) => subjectId);
  const states = await readStates(tx, [], subjectIds);
  return new Map(
    [...subjects].map(([id, { version, facts, factsVersion }]) => [
      id,
      { subject: new SubjectDraft(id, version, facts, scopes.get(id) ?? [], states.get(id) ?? []), factsVersion },
    ]),
  );
}
