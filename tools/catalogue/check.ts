// Reads a catalogue and says what it holds: npm run catalogue [folder]. Exits 1 and lists every fault; the
// build stops with it (target build of tools).
import path from 'node:path';
import { CatalogueError } from '@consent/consent-rules';
import { handlerFaults } from './handler-faults.ts';
import { readCatalogue } from './read-catalogue.ts';

const ROOT = path.join(import.meta.dirname, '../..');
const dir = path.resolve(process.argv[2] ?? path.join(ROOT, 'catalogue'));
try {
  const catalogue = readCatalogue(dir);
  const faults = handlerFaults(catalogue, path.join(ROOT, 'apps'));
  if (faults.length > 0) throw new CatalogueError(faults);
  const { version, purposes, systems, notices, bundles } = catalogue;
  const models = Object.entries(Object.groupBy(purposes.values(), (p) => p.choiceModel));
  console.log(
    `${version}: ${purposes.size} purposes (${models.map(([model, found]) => `${found.length} ${model}`).join(', ')}), ` +
      `${systems.size} systems, ${bundles.size} bundles, ${notices.length} notice texts`,
  );
} catch (error) {
  const { message, code, path: unreadable } = error as NodeJS.ErrnoException;
  if (unreadable) console.error(`${unreadable} cannot be read (${code}): expected the folder of a catalogue`);
  else if (error instanceof CatalogueError) console.error(message);
  else throw error;
  process.exitCode = 1;
}
