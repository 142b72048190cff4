import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type Catalogue, type CatalogueFile, parseCatalogue } from '@consent/consent-rules';

/** Reads and checks the catalogue's folder. @throws CatalogueError listing every fault with file, id and field */
export function loadCatalogue(dir: string): Catalogue {
  return parseCatalogue(filesOf(dir));
}

function filesOf(dir: string): CatalogueFile[] {
  try {
    return readdirSync(dir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name))
      .sort()
      .map((file) => ({
        name: path.relative(dir, file).split(path.sep).join('/'),
        text: readFileSync(file, 'utf8'),
      }));
  } catch (cause) {
    throw new Error(`CATALOGUE_DIR ${dir} cannot be read: ${String(cause)}`, { cause });
  }
}
