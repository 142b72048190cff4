import { createHash } from 'node:crypto';
import { type CatalogueFile } from '../types.js';

/** The release date and twelve hex digits of the hash over all files, whatever the order they were read in. */
export function catalogueVersion(date: string, files: readonly CatalogueFile[]): string {
  const hash = createHash('sha256');
  for (const { name, text } of [...files].sort((a, b) => (a.name < b.name ? -1 : 1)))
    hash.update(JSON.stringify([name, text]));
  return `${date}.${hash.digest('hex').slice(0, 12)}`;
}
