import { type ScopeFacts, type SubjectFacts } from '@consent/consent-rules';
import { type Transaction } from '@consent/postgres';

/** One version of a subject's facts. */
export interface FactsVersion {
  subjectId: string;
  /** Counted from 1 within the subject. */
  factsVersion: number;
  facts: SubjectFacts;
  /** Scopes that are new or different with it. */
  scopes: readonly ScopeFacts[];
  /** Versions of the ledger entries that follow from it: (first, last]. */
  firstVersion: number;
  lastVersion: number;
}

/** How facts are told: of one person, in a batch of many (a file), or by the transfer of a scope. */
export type FactsChannel = 'subject' | 'batch' | 'transfer';

const STORE = `
WITH given AS (
  SELECT subject_id, facts_version, brand, string_to_array(roles, ',') AS roles, minor,
         to_timestamp(contract_start / 1000) AS contract_start, to_timestamp(contract_end / 1000) AS contract_end,
         scopes, first_version, last_version
    FROM unnest($1::uuid[], $2::integer[], $3::text[], $4::text[], $5::boolean[], $6::float8[], $7::float8[],
                $8::jsonb[], $9::bigint[], $10::bigint[])
      AS f (subject_id, facts_version, brand, roles, minor, contract_start, contract_end, scopes, first_version,
            last_version)
), kept AS (
  INSERT INTO facts_version (subject_id, facts_version, caller, channel, brand, roles, minor, contract_start, contract_end,
                             scopes, first_version, last_version)
  SELECT subject_id, facts_version, $11, $12, brand, roles, minor, contract_start, contract_end, scopes, first_version,
         last_version FROM given
)
UPDATE subject
   SET (facts_at, facts_version, brand, roles, minor, contract_start, contract_end)
     = (clock_timestamp(), f.facts_version, f.brand, f.roles, f.minor, f.contract_start, f.contract_end)
  FROM (SELECT DISTINCT ON (subject_id) * FROM given ORDER BY subject_id, facts_version DESC) AS f
 WHERE subject.subject_id = f.subject_id`;

/** Adds versions to the facts of locked subjects; the newest of each becomes the present one. */
export async function storeFacts(
  tx: Transaction,
  versions: readonly FactsVersion[],
  caller: string,
  channel: FactsChannel,
): Promise<void> {
  if (versions.length === 0) return;
  await tx.query(
    STORE,
    [
      versions.map((v) => v.subjectId),
      versions.map((v) => v.factsVersion),
      versions.map((v) => v.facts.brand),
      versions.map((v) => v.facts.roles.join(',')),
      versions.map((v) => v.facts.minor),
      versions.map((v) => v.facts.contractStart ?? null),
      versions.map((v) => v.facts.contractEnd ?? null),
      versions.map((v) => JSON.stringify(v.scopes)),
      versions.map((v) => v.firstVersion),
      versions.map((v) => v.lastVersion),
      caller,
      channel,
    ],
    'store-facts',
  );
}
