import { type Catalogue, type CatalogueFile } from './types.js';
export function parseCatalogue(files: readonly CatalogueFile[]): Catalogue {
  throw new Error(`not yet: ${files.length}`);
}
