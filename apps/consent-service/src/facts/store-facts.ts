import { type Transaction } from '@consent/postgres';
import { type FactsInput } from '../http/schemas/facts-input.js';
import { type OwnedScope } from '../subjects/scopes.js';

const STORE = `
UPDATE subject
   SET facts_at = clock_timestamp(), brand = f.brand, roles = string_to_array(f.roles, ','), minor = f.minor,
       contract_start = to_timestamp(f.contract_start / 1000), contract_end = to_timestamp(f.contract_end / 1000)
  FROM unnest($1::uuid[], $2::text[], $3::text[], $4::boolean[], $5::float8[], $6::float8[])
    AS f (subject_id, brand, roles, minor, contract_start, contract_end)
 WHERE subject.subject_id = f.subject_id`;

/** Replaces the facts of locked subjects; one input for each. */
export async function storeFacts(tx: Transaction, inputs: readonly FactsInput[]): Promise<void> {
  if (inputs.length === 0) return;
  await tx.query(
    STORE,
    [
      inputs.map((f) => f.subjectId),
      inputs.map((f) => f.brand),
      inputs.map((f) => f.roles.join(',')),
      inputs.map((f) => f.minor),
      inputs.map((f) => f.contractStart ?? null),
      inputs.map((f) => f.contractEnd ?? null),
    ],
    'store-facts',
  );
}

const UPDATE = `
UPDATE scope SET brand = s.brand, kind = s.kind
  FROM unnest($1::uuid[], $2::text[], $3::text[]) AS s (scope_id, brand, kind)
 WHERE scope.scope_id = s.scope_id AND (scope.brand, scope.kind) IS DISTINCT FROM (s.brand, s.kind)`;

/** Brand and kind of scopes that the subject has already. */
export async function updateScopes(tx: Transaction, scopes: readonly OwnedScope[]): Promise<void> {
  if (scopes.length === 0) return;
  const values = [scopes.map((s) => s.id), scopes.map((s) => s.brand ?? null), scopes.map((s) => s.kind ?? null)];
  await tx.query(UPDATE, values, 'update-scopes');
}
