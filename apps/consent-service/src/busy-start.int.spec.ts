import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { createHost, createLogger, startTelemetry } from '@consent/service-host';
import { testDatabase } from '@consent/testing';
import { Callers } from './callers/callers.js';
import { catalogueFiles } from './catalogue/catalogue-files.js';
import { CommitSignal } from './commit-signal.js';
import { LedgerModule } from './ledger.module.js';
import { consentMigrations } from './migrations.js';

const CATALOGUE = fileURLToPath(new URL('../../../catalogue/', import.meta.url));
/** Longer than a connection is waited for. */
const BUSY_MS = 5_500;

it('starts also where reading the catalogue takes longer than a connection is waited for', async () => {
  const database = await testDatabase({ migrations: [consentMigrations] });
  const slowly = () => {
    setTimeout(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BUSY_MS));
    return catalogueFiles(CATALOGUE);
  };
  const host = await createHost({
    module: LedgerModule.forRoot({
      databaseUrl: database.appUrl,
      catalogue: slowly,
      callers: new Callers([]),
      systemUrls: {},
      committed: new CommitSignal(),
    }),
    config: { HOST: '127.0.0.1', PORT: 0 },
    logger: createLogger({ service: 'consent-service', build: 'spec', level: 'fatal' }),
    telemetry: await startTelemetry({ service: 'consent-service', build: 'spec' }),
  });
  try {
    expect((await fetch(`${host.url}/readyz`)).status).toBe(200);
  } finally {
    await host.close();
    await database.drop();
  }
}, 60_000);
