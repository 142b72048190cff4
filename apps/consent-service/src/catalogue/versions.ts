import { type Catalogue, type CatalogueFile, parseCatalogue, storedCatalogue } from '@consent/consent-rules';
import { type Reader } from '../ledger/read-positions.js';

/** The version in force. @throws Error before the first one was stored */
export async function versionInForce(reader: Reader): Promise<string> {
  const { rows } = await reader.query<{ version: string }>('SELECT version FROM catalogue_in_force');
  if (!rows[0]) throw new Error('No version of the catalogue is in force: start consent-service once');
  return rows[0].version;
}

/** A stored version as it was, so that what was answered under it can be answered again; null when there is none. */
export async function catalogueOf(reader: Reader, version: string): Promise<Catalogue | null> {
  const { rows } = await reader.query<{ files: CatalogueFile[] }>(
    'SELECT files FROM catalogue_version WHERE version = $1',
    [version],
  );
  return rows[0] ? storedCatalogue(rows[0].files) : null;
}

/** Keeps a version for good. Returns it parsed. @throws CatalogueError listing every fault with file, id and field */
export async function storeVersion(
  reader: Reader,
  files: readonly CatalogueFile[],
  caller: string,
): Promise<Catalogue> {
  const catalogue = parseCatalogue(files);
  await reader.query(
    'INSERT INTO catalogue_version (version, files, caller) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
    [catalogue.version, JSON.stringify(files), caller],
  );
  return catalogue;
}
