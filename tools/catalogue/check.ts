// Reads a catalogue and says what it holds: node tools/catalogue/check.ts [folder]. Exits 1 and lists every fault.
import path from 'node:path';
import { CatalogueError } from '@consent/consent-rules';
import { readCatalogue } from './read-catalogue.ts';

const dir = path.resolve(process.argv[2] ?? path.join(import.meta.dirname, '../../catalogue'));
try {
  const { version, purposes, systems, notices, bundles } = readCatalogue(dir);
  const models = Object.entries(Object.groupBy(purposes.values(), (p) => p.choiceModel));
  console.log(
    `${version}: ${purposes.size} purposes (${models.map(([model, found]) => `${found.length} ${model}`).join(', ')}), ` +
      `${systems.size} systems, ${bundles.size} bundles, ${notices.length} notice texts`,
  );
} catch (error) {
  if (!(error instanceof CatalogueError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
