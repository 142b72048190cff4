import { type ScopeFacts } from '@consent/consent-rules';
import { type Transaction } from '@consent/postgres';

/** Whose a scope is. A scope belongs to one subject for ever. */
export type OwnedScope = ScopeFacts & {
  subjectId: string;
  /** The scope minted for the next holder: this one has ended for good. */
  transferredTo?: string | null;
};

/** Columns of `scope` as an OwnedScope. */
export const SCOPE_COLUMNS = `
scope_id AS id, subject_id AS "subjectId", level, brand, kind, transferred_to AS "transferredTo",
(extract(epoch FROM valid_from) * 1000)::float8 AS "validFrom",
(extract(epoch FROM valid_until) * 1000)::float8 AS "validUntil"`;

const READ = `
SELECT subject_id AS id, subject_id AS "subjectId", 'person' AS level, brand, NULL AS kind, NULL::uuid AS "transferredTo",
       NULL::float8 AS "validFrom", NULL::float8 AS "validUntil"
  FROM subject WHERE subject_id = ANY ($1::uuid[])
UNION ALL
SELECT ${SCOPE_COLUMNS} FROM scope WHERE scope_id = ANY ($1::uuid[])`;

/**
 * The owners of scope ids. The id of a subject is owned too, by that subject, at level person, unless it is somebody's scope:
 * whoever names a line as a person takes it from nobody.
 */
export async function readScopes(tx: Transaction, scopeIds: ReadonlySet<string>): Promise<Map<string, OwnedScope>> {
  if (scopeIds.size === 0) return new Map();
  const { rows } = await tx.query<OwnedScope>(READ, [[...scopeIds]], 'read-scopes');
  return new Map(rows.map((scope) => [scope.id, scope]));
}

const CLAIM = `
INSERT INTO scope (scope_id, subject_id, level, brand, kind, valid_from, valid_until)
SELECT scope_id, subject_id, level, brand, kind, to_timestamp(valid_from / 1000), to_timestamp(valid_until / 1000)
  FROM unnest($1::uuid[], $2::text[], $3::text[], $4::float8[], $5::float8[], $6::uuid[], $7::text[])
    AS s (scope_id, brand, kind, valid_from, valid_until, subject_id, level)
 ORDER BY scope_id
ON CONFLICT DO NOTHING`;

/** Another transaction claimed one of the scopes in between: read again and decide again. */
export class ScopeRaceError extends Error {
  override name = 'ScopeRaceError';
}

/** Gives scopes to their first subject. @throws ScopeRaceError when one was claimed meanwhile */
export async function claimScopes(tx: Transaction, scopes: readonly OwnedScope[]): Promise<void> {
  if (scopes.length === 0) return;
  const owners = [scopes.map((s) => s.subjectId), scopes.map((s) => s.level)];
  const { rowCount } = await tx.query(CLAIM, [...variable(scopes), ...owners], 'claim-scopes');
  if (rowCount !== scopes.length) throw new ScopeRaceError(`${scopes.length - rowCount} scopes were claimed meanwhile`);
}

const UPDATE = `
UPDATE scope SET brand = s.brand, kind = s.kind, valid_from = to_timestamp(s.valid_from / 1000),
                 valid_until = to_timestamp(s.valid_until / 1000)
  FROM unnest($1::uuid[], $2::text[], $3::text[], $4::float8[], $5::float8[])
    AS s (scope_id, brand, kind, valid_from, valid_until)
 WHERE scope.scope_id = s.scope_id`;

/** Brand, kind and validity of scopes that their subject has already. */
export async function updateScopes(tx: Transaction, scopes: readonly OwnedScope[]): Promise<void> {
  if (scopes.length > 0) await tx.query(UPDATE, variable(scopes), 'update-scopes');
}

const variable = (scopes: readonly OwnedScope[]): unknown[] => [
  scopes.map((s) => s.id),
  scopes.map((s) => s.brand ?? null),
  scopes.map((s) => s.kind ?? null),
  scopes.map((s) => s.validFrom ?? null),
  scopes.map((s) => s.validUntil ?? null),
];
