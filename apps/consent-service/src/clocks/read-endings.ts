import { type Cause, type Scope, type Status } from '@consent/consent-rules';
import { type Transaction } from '@consent/postgres';
import { type LedgerEnding } from './run-clocks.js';

/** In one pass over what is in the ledger of a person, who may have thousands of entries. */
const READ = `
SELECT subject_id, scope_level, scope_id, purpose_id, version, status, cause, decided_at, received_at, attributes, yes_at
  FROM (SELECT *,
               max(decided_at) FILTER (WHERE status = 'given' AND effective)
                 OVER (triple ORDER BY version ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS yes_at,
               max(version) FILTER (WHERE effective AND cause NOT IN ('facts', 'clock', 'catalogue')) OVER triple AS said_last
          FROM ledger
         WHERE subject_id = ANY ($1::uuid[])
        WINDOW triple AS (PARTITION BY subject_id, scope_id, purpose_id)) AS ledger
 WHERE effective
   AND (status IN ('refused', 'withdrawn', 'expired', 'revoked', 'objection_lifted', 'objection_rejected')
        OR ((status = 'objected' OR (status IN ('given', 'requested') AND purpose_id = ANY ($2::text[])))
            AND version >= coalesce(said_last, 0)))
   AND NOT EXISTS (SELECT FROM proof_ended AS noted
                    WHERE (noted.subject_id, noted.version) = (ledger.subject_id, ledger.version))`;

interface Row {
  subject_id: string;
  scope_level: Scope['level'];
  scope_id: string;
  purpose_id: string;
  version: string;
  status: Status;
  cause: Cause;
  decided_at: Date;
  received_at: Date;
  yes_at: Date | null;
  attributes: Record<string, string>;
}

/**
 * What may have ended a consent or an objection of subjects, and is still kept as proof: their history is read only when one of their clocks is due.
 * What stands is read once, as it was said last: who said it twice at one moment has one proof.
 * @param gonePurposes which have left the catalogue: what was given or asked for them ended with them
 */
export async function readEndings(
  tx: Transaction,
  subjectIds: readonly string[],
  gonePurposes: readonly string[],
): Promise<Map<string, LedgerEnding[]>> {
  const { rows } = await tx.query<Row>(READ, [subjectIds, gonePurposes], 'read-endings');
  return Map.groupBy(
    rows.map((row) => ({
      subjectId: row.subject_id,
      scope: { level: row.scope_level, id: row.scope_id },
      purposeId: row.purpose_id,
      version: Number(row.version),
      status: row.status,
      cause: row.cause,
      decidedAt: row.decided_at.getTime(),
      receivedAt: row.received_at.getTime(),
      yesAt: row.yes_at?.getTime() ?? null,
      effective: true,
      attributes: row.attributes,
    })),
    ({ subjectId }) => subjectId,
  );
}
