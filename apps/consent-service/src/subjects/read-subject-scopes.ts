import { type Reader } from '../ledger/read-positions.js';
import { type OwnedScope } from './scopes.js';

const READ = `
SELECT scope_id AS id, subject_id AS "subjectId", level, brand, kind FROM scope
 WHERE subject_id = ANY ($1::uuid[]) ORDER BY claimed_at, scope_id`;

/** All accounts, lines, devices and contact points of subjects. */
export async function readSubjectScopes(reader: Reader, subjectIds: ReadonlySet<string>): Promise<OwnedScope[]> {
  if (subjectIds.size === 0) return [];
  return (await reader.query<OwnedScope>(READ, [[...subjectIds]], 'read-subject-scopes')).rows;
}
