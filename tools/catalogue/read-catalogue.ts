import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type Catalogue, type CatalogueFile, parseCatalogue } from '@consent/consent-rules';

const RELEASE = 'catalogue.yaml';

/**
 * Every file below the folder but hidden ones, named by its path with forward slashes, in the order of the names. None of a
 * folder that is no catalogue's: it may be a whole checkout.
 */
export function readFiles(dir: string): CatalogueFile[] {
  if (!readdirSync(dir).includes(RELEASE)) return [];
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort()
    .map((file) => ({
      name: path.relative(dir, file).split(path.sep).join('/'),
      text: readFileSync(file, 'utf8'),
    }));
}

/** @throws CatalogueError with every fault */
export const readCatalogue = (dir: string): Catalogue => parseCatalogue(readFiles(dir));
