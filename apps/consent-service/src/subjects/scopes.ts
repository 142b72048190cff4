import { type ScopeFacts } from '@consent/consent-rules';
import { type Transaction } from '@consent/postgres';

/** Whose a scope is. A scope belongs to one subject for ever. */
export type OwnedScope = ScopeFacts & { subjectId: string };

const READ = `
SELECT scope_id AS id, subject_id AS "subjectId", level, brand, kind FROM scope WHERE scope_id = ANY ($1::uuid[])
UNION ALL
SELECT subject_id, subject_id, 'person', brand, NULL FROM subject WHERE subject_id = ANY ($1::uuid[])`;

/** The owners of scope ids. The id of a subject is owned too, by that subject, at level person. */
export async function readScopes(tx: Transaction, scopeIds: ReadonlySet<string>): Promise<Map<string, OwnedScope>> {
  if (scopeIds.size === 0) return new Map();
  const { rows } = await tx.query<OwnedScope>(READ, [[...scopeIds]], 'read-scopes');
  return new Map(rows.map((scope) => [scope.id, scope]));
}

const CLAIM = `
INSERT INTO scope (scope_id, subject_id, level, brand, kind)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[])
           AS s (scope_id, subject_id, level, brand, kind)
 ORDER BY scope_id
ON CONFLICT DO NOTHING`;

/** Another transaction claimed one of the scopes in between: read again and decide again. */
export class ScopeRaceError extends Error {
  override name = 'ScopeRaceError';
}

/** Gives scopes to their first subject. @throws ScopeRaceError when one was claimed meanwhile */
export async function claimScopes(tx: Transaction, scopes: readonly OwnedScope[]): Promise<void> {
  if (scopes.length === 0) return;
  const { rowCount } = await tx.query(
    CLAIM,
    [
      scopes.map((s) => s.id),
      scopes.map((s) => s.subjectId),
      scopes.map((s) => s.level),
      scopes.map((s) => s.brand ?? null),
      scopes.map((s) => s.kind ?? null),
    ],
    'claim-scopes',
  );
  if (rowCount !== scopes.length) throw new ScopeRaceError(`${scopes.length - rowCount} scopes were claimed meanwhile`);
}
