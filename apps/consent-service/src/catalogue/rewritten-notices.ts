import { CatalogueError, NOTICES, type NoticeVersion, rewrittenNotices, storedNotices } from '@consent/consent-rules';
import { type Reader } from '../ledger/read-positions.js';

/** The versions that have ever been in force, as `shown`. */
export const SHOWN_VERSIONS = `
WITH shown AS (
  SELECT from_version AS version FROM catalogue_change WHERE applied_at IS NOT NULL
   UNION SELECT to_version FROM catalogue_change WHERE applied_at IS NOT NULL
   UNION SELECT version FROM catalogue_in_force
)`;

/** Many versions have the same notices: each list of them is read once. */
const SHOWN = `${SHOWN_VERSIONS}
SELECT DISTINCT file->>'text' AS text
  FROM shown JOIN catalogue_version USING (version), jsonb_array_elements(files) AS file
 WHERE file->>'name' = $1`;

const PLANNED = `
SELECT file->>'text' AS text FROM catalogue_version, jsonb_array_elements(files) AS file
 WHERE version = $2 AND file->>'name' = $1`;

/**
 * Holds the notices of a stored version against those of every version that has been in force: what people agreed to
 * keeps its text, whatever came into force in between.
 * @throws CatalogueError of each text that is another, or missing, under the same version of the notice
 */
export async function refuseRewrittenNotices(reader: Reader, version: string): Promise<void> {
  const read = async (sql: string, more: string[]): Promise<NoticeVersion[]> => {
    const { rows } = await reader.query<{ text: string }>(sql, [NOTICES, ...more]);
    return rows.flatMap(({ text }) => storedNotices(text));
  };
  const rewritten = rewrittenNotices(await read(SHOWN, []), await read(PLANNED, [version]));
  if (rewritten.length > 0) throw new CatalogueError(rewritten);
}
