import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { CatalogueError, type CatalogueFault } from './catalogue/catalogue-error.js';
import { parseCatalogue } from './catalogue/parse-catalogue.js';
import { type CatalogueFile } from './types.js';

const dir = path.join(import.meta.dirname, '../../../catalogue');

/** The catalogue's files, for specs that judge the real one. */
export const catalogueFiles: CatalogueFile[] = readdirSync(dir, { recursive: true, withFileTypes: true })
  .filter((e) => e.isFile())
  .map((e) => path.join(e.parentPath, e.name))
  .map((file) => ({ name: path.relative(dir, file).split(path.sep).join('/'), text: readFileSync(file, 'utf8') }));

export const realCatalogue = parseCatalogue(catalogueFiles);

/** What is found in the catalogue with a text replaced in one file. */
export function broken(name: string, from: string | RegExp, to: string): readonly CatalogueFault[] {
  const changed = catalogueFiles.map((f) => (f.name === name ? { ...f, text: f.text.replace(from, to) } : f));
  if (isDeepStrictEqual(changed, catalogueFiles)) throw new Error(`${name} has no ${String(from)}`);
  try {
    parseCatalogue(changed);
  } catch (error) {
    if (error instanceof CatalogueError) return error.faults;
    throw error;
  }
  throw new Error('was accepted');
}
