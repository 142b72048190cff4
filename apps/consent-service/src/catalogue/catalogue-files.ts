import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type CatalogueFile } from '@consent/consent-rules';
import { ConfigError } from '@consent/service-host';

/** The files of the catalogue's folder but hidden ones, such as those of an editor, each named by its path below it. @throws ConfigError naming the folder */
export function catalogueFiles(dir: string): CatalogueFile[] {
  try {
    return readdirSync(dir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
      .map((entry) => path.join(entry.parentPath, entry.name))
      .sort()
      .map((file) => ({
        name: path.relative(dir, file).split(path.sep).join('/'),
        text: readFileSync(file, 'utf8'),
      }));
  } catch (cause) {
    throw new ConfigError(`CATALOGUE_DIR ${dir} cannot be read: ${String(cause)}`, { cause });
  }
}
