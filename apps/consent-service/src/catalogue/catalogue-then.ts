import { type Catalogue } from '@consent/consent-rules';
import { type Reader } from '../ledger/read-positions.js';
import { catalogueNow } from './catalogue-now.js';
import { catalogueOf } from './versions.js';

/** The first version in force counts for the time before it too: of others nothing is known. */
const READ = `
WITH first AS (
  SELECT coalesce((SELECT from_version FROM catalogue_change WHERE applied_at IS NOT NULL ORDER BY applied_at LIMIT 1),
                  (SELECT version FROM catalogue_in_force)) AS version
)
SELECT coalesce((SELECT to_version FROM catalogue_change
                  WHERE date_trunc('milliseconds', applied_at) <= to_timestamp($1::float8 / 1000)
                  ORDER BY applied_at DESC LIMIT 1), version) AS version,
       (extract(epoch FROM date_trunc('milliseconds', stored_at)) * 1000)::float8 AS "knownSince"
  FROM first JOIN catalogue_version USING (version)`;

/**
 * The catalogue that was in force at a moment, and from when on it is known which one was.
 * @param current the one in force now, which is not read again @param at epoch ms; null or to come: now
 */
export async function catalogueThen(
  reader: Reader,
  current: Catalogue,
  at: number | null,
): Promise<{ catalogue: Catalogue; knownSince: number }> {
  const loaded = catalogueNow(current);
  const { rows } = await reader.query<{ version: string; knownSince: number }>(READ, [at], 'read-catalogue-then');
  if (!rows[0]) throw new Error('No version of the catalogue is in force: start consent-service once');
  const { version, knownSince } = rows[0];
  if (at === null || at >= Date.now() || version === loaded.version) return { catalogue: loaded, knownSince };
  const catalogue = await catalogueOf(reader, version);
  if (!catalogue) throw new Error(`Catalogue ${version} was in force and is not stored`);
  return { catalogue, knownSince };
}
