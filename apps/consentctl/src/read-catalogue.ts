import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type Catalogue, CatalogueError, type CatalogueFile, parseCatalogue } from '@consent/consent-rules';
import { usageError } from './cli-error.js';

/** Every catalogue has it, at the top of its folder. */
const RELEASE = 'catalogue.yaml';

/**
 * Every file of a catalogue's folder but hidden ones, such as those of an editor, by its path in it. Of a folder that is none
 * no file is read: it may be a whole checkout.
 * @throws CliError of a folder that cannot be read, or is none
 */
export function catalogueFiles(dir: string): CatalogueFile[] {
  const top = reading(dir, () => readdirSync(dir));
  if (!top.includes(RELEASE))
    throw usageError(`catalogue: '${dir}' holds no ${RELEASE} (expected the folder of a catalogue)`);
  return reading(dir, () =>
    readdirSync(dir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
      .map((entry) => path.join(entry.parentPath, entry.name))
      .sort()
      .map((file) => ({ name: path.relative(dir, file).split(path.sep).join('/'), text: readFileSync(file, 'utf8') })),
  );
}

function reading<T>(dir: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw usageError(`catalogue: cannot read '${dir}' (${(cause as NodeJS.ErrnoException).code ?? String(cause)})`);
  }
}

/** The catalogue in a folder. @throws CliError of a folder that cannot be read, or with every fault of its catalogue */
export function readCatalogue(dir: string): Catalogue {
  try {
    return parseCatalogue(catalogueFiles(dir));
  } catch (error) {
    if (error instanceof CatalogueError) throw usageError(`${dir}: ${error.message}`);
    throw error;
  }
}
