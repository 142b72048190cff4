import { type Transaction } from '@consent/postgres';
import { type OwnedScope } from './scopes.js';

const KEEP = `
INSERT INTO scope_version (subject_id, scope_id, caller, channel, brand, kind, valid_from, valid_until)
SELECT subject_id, scope_id, $7, $8, brand, kind, to_timestamp(valid_from / 1000), to_timestamp(valid_until / 1000)
  FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::float8[], $6::float8[])
    AS s (subject_id, scope_id, brand, kind, valid_from, valid_until)`;

/** Keeps what scopes are from now on, where no version of the facts does: why? tells of the past by it. */
export async function keepScopeVersions(
  tx: Transaction,
  scopes: readonly OwnedScope[],
  caller: string,
  channel: 'decision' | 'transfer',
): Promise<void> {
  if (scopes.length === 0) return;
  await tx.query(
    KEEP,
    [
      scopes.map((s) => s.subjectId),
      scopes.map((s) => s.id),
      scopes.map((s) => s.brand ?? null),
      scopes.map((s) => s.kind ?? null),
      scopes.map((s) => s.validFrom ?? null),
      scopes.map((s) => s.validUntil ?? null),
      caller,
      channel,
    ],
    'keep-scope-versions',
  );
}
