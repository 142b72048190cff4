import { type DataSource } from 'typeorm';
import { withTransaction } from '@consent/postgres';

/** A line as the central number database gets it. Name, number and address are joined there, by the line's id. */
export interface HandedLine {
  lineId: string;
  /** Whether the profession is shown beside the entry. */
  profession: boolean;
  /** Version of the decision that allowed the listing. */
  version: number;
}

/**
 * Makes a hand-over file: every listed line whose permission is in force at this moment, with the versions relied on.
 * The permissions stay locked until the file is committed: a withdrawal is either in it or comes after it.
 */
export const handOver = (dataSource: DataSource, handOverId: string): Promise<{ lines: number }> =>
  withTransaction(dataSource, async (tx) => {
    await tx.query('INSERT INTO hand_over (hand_over_id) VALUES ($1)', [handOverId]);
    await tx.query(LOCK);
    const { rowCount } = await tx.query(CONTACTS, [handOverId]);
    await tx.query(PROFESSIONS, [handOverId]);
    return { lines: rowCount };
  });

// Waits for decisions and feeds in hand; the statements after it see what they have written.
const LOCK = `
  SELECT FROM permission_in_force AS permission
  WHERE allowed AND EXISTS (SELECT FROM listing WHERE (listing.subject_id, listing.line_id) = (permission.subject_id, permission.scope_id))
  ORDER BY subject_id, scope_id, purpose_id
  FOR SHARE OF permission`;

// Provision is open by default, so it may be parked before anything of it was applied. Where the whole subject waits, the contact
// is not in force.
const CONTACTS = `
  WITH contact AS (
    SELECT listing.subject_id, listing.line_id, permission.version
    FROM listing
    JOIN permission_in_force AS permission
      ON (permission.subject_id, permission.scope_id, permission.purpose_id)
       = (listing.subject_id, listing.line_id, listing.purpose_id)
    WHERE listing.part = 'contact' AND listing.offered AND NOT listing.closed_by_feed AND permission.allowed
      AND NOT EXISTS (
        SELECT FROM listing AS provision
        WHERE (provision.subject_id, provision.line_id, provision.part)
            = (listing.subject_id, listing.line_id, 'provision')
          AND NOT provision.offered
      )
      AND NOT EXISTS (
        SELECT FROM parked_triple AS parked
        WHERE (parked.subject_id, parked.scope_id, parked.purpose_id)
            = (listing.subject_id, listing.line_id, 'directory-statutory-provision')
      )
    ORDER BY permission.subject_id, permission.scope_id, permission.purpose_id
    FOR SHARE OF permission
  )
  INSERT INTO hand_over_line (hand_over_id, subject_id, line_id, version)
  SELECT $1, subject_id, line_id, max(version) FROM contact GROUP BY subject_id, line_id`;

// A profession goes along with a contact that is in the file, never alone.
const PROFESSIONS = `
  WITH profession AS (
    SELECT listing.subject_id, listing.line_id, permission.version
    FROM hand_over_line AS handed
    JOIN listing ON (listing.subject_id, listing.line_id) = (handed.subject_id, handed.line_id)
    JOIN permission_in_force AS permission
      ON (permission.subject_id, permission.scope_id, permission.purpose_id)
       = (listing.subject_id, listing.line_id, listing.purpose_id)
    WHERE handed.hand_over_id = $1 AND listing.part = 'profession' AND listing.offered AND permission.allowed
    FOR SHARE OF permission
  )
  UPDATE hand_over_line AS handed SET profession_version = profession.version
  FROM profession
  WHERE handed.hand_over_id = $1
    AND (handed.subject_id, handed.line_id) = (profession.subject_id, profession.line_id)`;

/** A page of a hand-over file, in the order of line ids. Null when there is no such hand-over. */
export async function handedLines(
  dataSource: DataSource,
  { handOverId, after = null, limit }: { handOverId: string; after?: string | null; limit: number },
): Promise<HandedLine[] | null> {
  const found = await dataSource.query<object[]>('SELECT FROM hand_over WHERE hand_over_id = $1', [handOverId]);
  if (found.length === 0) return null;
  return dataSource.query<HandedLine[]>(
    `SELECT line_id AS "lineId", profession_version IS NOT NULL AS profession, version::float8 AS version
     FROM hand_over_line WHERE hand_over_id = $1 AND ($2::uuid IS NULL OR line_id > $2) ORDER BY line_id LIMIT $3`,
    [handOverId, after, limit],
  );
}
