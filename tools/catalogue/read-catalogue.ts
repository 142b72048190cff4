import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type Catalogue, type CatalogueFile, parseCatalogue } from '@consent/consent-rules';

/** Every file below the folder, named by its path with forward slashes, in the order of the names. */
export function readFiles(dir: string): CatalogueFile[] {
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
