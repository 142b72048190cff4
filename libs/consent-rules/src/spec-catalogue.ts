import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseCatalogue } from './catalogue/parse-catalogue.js';
import { type CatalogueFile } from './types.js';

const dir = path.join(import.meta.dirname, '../../../catalogue');

/** The catalogue's files, for specs that judge the real one. */
export const catalogueFiles: CatalogueFile[] = readdirSync(dir, { recursive: true, withFileTypes: true })
  .filter((e) => e.isFile())
  .map((e) => path.join(e.parentPath, e.name))
  .map((file) => ({ name: path.relative(dir, file).split(path.sep).join('/'), text: readFileSync(file, 'utf8') }));

export const realCatalogue = parseCatalogue(catalogueFiles);
