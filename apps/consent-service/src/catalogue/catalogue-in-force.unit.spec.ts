import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { type CatalogueFile, parseCatalogue } from '@consent/consent-rules';
import { createLogger } from '@consent/service-host';
import { type Reader } from '../ledger/read-positions.js';
import { catalogueFiles } from './catalogue-files.js';
import { CatalogueInForce } from './catalogue-in-force.js';

it('a slow load of a version does not end after that of a newer one', async () => {
  const files = catalogueFiles(fileURLToPath(new URL('../../../../catalogue/', import.meta.url)));
  const versions = [files, ...['second', 'third'].map((word) => reworded(files, word))].map((its) => ({
    version: parseCatalogue(its).version,
    files: its,
  }));
  const [first, second, third] = versions.map(({ version }) => version);
  let inForce = first;
  const slow = Promise.withResolvers<void>();
  const reader = {
    query: async (sql: string, [version]: unknown[] = []) => {
      if (sql.startsWith('INSERT')) return { rows: [] };
      if (sql.includes('catalogue_in_force')) return { rows: [{ version: inForce }] };
      if (version === second) await slow.promise;
      return { rows: versions.filter((one) => one.version === version) };
    },
  } as unknown as Reader;
  const logger = createLogger({ service: 'consent-service', build: 'spec', level: 'fatal' });
  const catalogue = await CatalogueInForce.open(reader, files, logger);
  inForce = second;
  const load = catalogue.refresh();
  await setImmediate();
  inForce = third;
  const newer = catalogue.refresh();
  // By now it would be loaded, if it did not wait.
  await setImmediate();
  slow.resolve();
  expect(await Promise.all([load, newer])).toEqual([second, third]);
  expect(catalogue.version).toBe(third);
});

const reworded = (files: readonly CatalogueFile[], word: string): CatalogueFile[] =>
  files.map((file) => (file.name.endsWith('.yaml') ? { ...file, text: `${file.text}\n# ${word}\n` } : file));
