import { type Transaction } from '@consent/postgres';
import { lockSubjects } from '../subjects/lock-subjects.js';
import { readStates } from '../subjects/read-states.js';
import { readSubjectScopes } from '../subjects/read-subject-scopes.js';
import { SubjectDraft } from '../subjects/subject-draft.js';
import { type FactsDraft } from './facts-batch.js';

/** Locks subjects in the order of their ids and reads all that is known of them; an id not known yet gets its row. */
export async function lockFacts(tx: Transaction, subjectIds: ReadonlySet<string>): Promise<Map<string, FactsDraft>> {
  const locked = await lockSubjects(tx, subjectIds);
  const scopes = Map.groupBy(await readSubjectScopes(tx, subjectIds), ({ subjectId }) => subjectId);
  const states = await readStates(tx, [], subjectIds);
  return new Map(
    [...locked].map(([id, { version, facts, factsVersion }]) => [
      id,
      { subject: new SubjectDraft(id, version, facts, scopes.get(id) ?? [], states.get(id) ?? []), factsVersion },
    ]),
  );
}
