import { randomUUID } from 'node:crypto';
import { type Catalogue, type CatalogueFile, parseCatalogue } from '@consent/consent-rules';
import { createDataSource, withTransaction } from '@consent/postgres';
import { type DataSource } from 'typeorm';
import { type CatalogueChange } from '../catalogue/read-change.js';
import { changeIn } from '../catalogue/spec-change.js';
import { aDecision, someFacts, specApp, type SpecApp } from '../spec-app.js';
import { type DueResult, runDuePortion } from './run-due-portion.js';

/** A row of the ledger, as far as clocks are concerned. */
export interface Told {
  purpose_id: string;
  status: string;
  cause: string;
  reason: string;
  decided_at: Date;
  received_at: Date;
  version: string;
  allowed: boolean;
  effective: boolean;
  ended_categories: { category: string; endedAt: number }[];
  attributes: Record<string, string>;
  systems: { systemId: string }[];
  position: string;
}

export interface SpecClocks {
  app: SpecApp;
  dataSource: DataSource;
  /** Everything due at `now` of the fake clock, under the catalogue in force. */
  run(now: number, limit?: number): Promise<DueResult>;
  /** Brings another catalogue into force, and waits until what it changes is recorded. */
  bringIntoForce(files: readonly CatalogueFile[]): Promise<void>;
  subject(facts?: Record<string, unknown>): Promise<string>;
  decide(subjectId: string, over: Record<string, unknown>): Promise<void>;
  /** What the clocks wrote, in the order of the ledger. */
  told(...subjectIds: string[]): Promise<Told[]>;
  close(): Promise<void>;
}

/**
 * The service's doors over a database of its own, and its clocks under a clock that the test sets.
 * @param files of another catalogue than the true one
 */
export async function specClocks(files?: readonly CatalogueFile[]): Promise<SpecClocks> {
  const app = await specApp(undefined, files);
  const dataSource = await createDataSource({
    url: app.database.appUrl,
    applicationName: 'spec-clocks',
    poolSize: 3,
  }).initialize();
  let { catalogue }: { catalogue: Catalogue } = app;
  return {
    app,
    dataSource,
    run: (now, limit = 100) => withTransaction(dataSource, (tx) => runDuePortion(tx, { catalogue, now, limit })),
    async bringIntoForce(next) {
      const { status, text, body } = await app.call<CatalogueChange>('POST', '/v1/catalogue/changes', {
        body: { files: next },
      });
      if (status !== 201) throw new Error(text);
      const { changeId, planHash } = await changeIn(app, body.changeId, ['planned']);
      const apply = { planHash, despite: 'No system runs here.' };
      await app.call('POST', `/v1/catalogue/changes/${changeId}/apply`, { body: apply });
      await changeIn(app, changeId, ['recorded', 'done']);
      catalogue = parseCatalogue(next);
    },
    async subject(facts = {}) {
      const id = randomUUID();
      const { status, text } = await app.call('PUT', `/v1/subjects/${id}/facts`, { body: someFacts(facts) });
      if (status !== 200) throw new Error(text);
      return id;
    },
    async decide(subjectId, over) {
      const { status, text } = await app.call('POST', '/v1/decisions', { body: aDecision({ subjectId, ...over }) });
      if (status !== 201) throw new Error(text);
    },
    async told(...subjectIds) {
      const { rows } = await app.sql.query<Told>(
        `SELECT * FROM ledger WHERE subject_id = ANY ($1) AND cause = 'clock' ORDER BY position`,
        [subjectIds],
      );
      return rows;
    },
    async close() {
      await dataSource.destroy();
      await app.close();
    },
  };
}
