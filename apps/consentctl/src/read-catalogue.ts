import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type Catalogue, CatalogueError, parseCatalogue } from '@consent/consent-rules';
import { usageError } from './cli-error.js';

/** The catalogue in a folder. @throws CliError of a folder that cannot be read, or with every fault of its catalogue */
export function readCatalogue(dir: string): Catalogue {
  try {
    const files = readdirSync(dir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
      .map((entry) => path.join(entry.parentPath, entry.name))
      .map((file) => ({ name: path.relative(dir, file).split(path.sep).join('/'), text: readFileSync(file, 'utf8') }));
    return parseCatalogue(files);
  } catch (error) {
    if (error instanceof CatalogueError) throw usageError(`${dir}: ${error.message}`);
    throw usageError(`${dir}: the folder cannot be read (${error instanceof Error ? error.message : String(error)})`);
  }
}
