import { type Reader } from '../ledger/read-positions.js';
import { type OwnedScope, SCOPE_COLUMNS } from './scopes.js';

const READ = `
SELECT ${SCOPE_COLUMNS} FROM scope WHERE subject_id = ANY ($1::uuid[]) ORDER BY claimed_at, scope_id`;

/** All accounts, lines, devices and contact points of subjects. */
export async function readSubjectScopes(reader: Reader, subjectIds: ReadonlySet<string>): Promise<OwnedScope[]> {
  if (subjectIds.size === 0) return [];
  return (await reader.query<OwnedScope>(READ, [[...subjectIds]], 'read-subject-scopes')).rows;
}
