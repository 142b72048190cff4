import { type DecideCommand, isOpening } from '@consent/consent-rules';
import { type Transaction } from '@consent/postgres';

/** A bundle of the catalogue, as it was said. */
export interface BundleClosing {
  subjectId: string;
  bundleId: string;
  kind: string;
  /** All it says no to. */
  purposes: readonly string[];
  /** Epoch ms. */
  closedAt: number;
  caller: string;
  channel: string;
}

const KEEP = `
INSERT INTO bundle_closing (subject_id, bundle_id, kind, purposes, closed_at, caller, channel, after_version)
SELECT subject_id, $2, $3, $4::text[], to_timestamp($5::float8 / 1000), $6, $7, version FROM subject WHERE subject_id = $1`;

/** Keeps the moment of a bundle, in the transaction of its decisions and after them. */
export const keepBundleClosing = (tx: Transaction, closing: BundleClosing): Promise<unknown> => {
  const { subjectId, bundleId, kind, purposes, closedAt, caller, channel } = closing;
  return tx.query(KEEP, [subjectId, bundleId, kind, purposes, closedAt, caller, channel], 'keep-bundle-closing');
};

/** A purpose that comes back opens for nobody: what was said before, or while it was gone, is no yes to it any more. */
const READ = `
SELECT asked.subject_id AS "subjectId", asked.purpose_id AS "purposeId",
       (extract(epoch FROM greatest(max(closed_at), max(returned_at))) * 1000)::float8 AS "closedAt"
  FROM unnest($1::uuid[], $2::text[]) AS asked (subject_id, purpose_id)
  LEFT JOIN bundle_closing AS said ON said.subject_id = asked.subject_id AND asked.purpose_id = ANY (said.purposes)
  LEFT JOIN purpose_return AS back ON back.purpose_id = asked.purpose_id
 GROUP BY asked.subject_id, asked.purpose_id
HAVING count(said.*) + count(back.*) > 0`;

/**
 * When the newest bundle that says no to the purpose of a yes was decided, or the purpose last came back to the catalogue, epoch ms,
 * by `bundleKey`.
 */
export async function readBundleClosings(
  tx: Transaction,
  commands: readonly DecideCommand[],
): Promise<Map<string, number>> {
  const yeses = commands.filter(({ status }) => isOpening(status));
  if (yeses.length === 0) return new Map();
  const { rows } = await tx.query<{ subjectId: string; purposeId: string; closedAt: number }>(
    READ,
    [yeses.map(({ subjectId }) => subjectId), yeses.map(({ purposeId }) => purposeId)],
    'read-bundle-closings',
  );
  return new Map(rows.map((row) => [bundleKey(row), row.closedAt]));
}

export const bundleKey = ({ subjectId, purposeId }: Pick<DecideCommand, 'subjectId' | 'purposeId'>): string =>
  `${subjectId} ${purposeId}`;
