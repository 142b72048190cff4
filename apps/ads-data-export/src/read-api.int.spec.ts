import { randomUUID } from 'node:crypto';
import { Module } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decisionConsumerMigrations } from '@consent/decision-consumer';
import { createDataSource, type Transaction, withTransaction } from '@consent/postgres';
import { createHost, createLogger, type Host, startTelemetry, type Telemetry } from '@consent/service-host';
import { testDatabase, type TestDatabase } from '@consent/testing';
import { DataSource } from 'typeorm';
import { applyEffects } from './apply-effects.js';
import { migrations } from './migrations.js';
import { onDecision } from './on-decision.js';
import { ReadApi } from './read-api.js';
import { decision, guard } from './spec-decision.js';

describe('the doors of ads-data-export', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let telemetry: Telemetry;
  let host: Host;
  beforeAll(async () => {
    database = await testDatabase({ migrations: [decisionConsumerMigrations, ...migrations] });
    dataSource = await createDataSource({ url: database.appUrl, applicationName: 'spec' }).initialize();
    class SpecModule {}
    Module({ controllers: [ReadApi], providers: [{ provide: DataSource, useValue: dataSource }] })(SpecModule);
    telemetry = await startTelemetry({ service: 'spec', build: 'spec' });
    host = await createHost({
      module: SpecModule,
      config: { HOST: '127.0.0.1', PORT: 0 },
      logger: createLogger({ service: 'spec', build: 'spec', level: 'silent' }),
      telemetry,
    });
  });
  afterAll(async () => {
    await host?.close();
    await telemetry?.shutdown();
    if (dataSource?.isInitialized) await dataSource.destroy();
    await database?.drop();
  });

  const ask = async (path: string, body?: object) => {
    const answer = await fetch(`${host.url}${path}`, {
      ...(body && { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  const decide = (...told: Parameters<typeof decision>) =>
    withTransaction(dataSource, async (tx) => {
      const made = decision(...told);
      await guard(tx, made);
      for (const effect of onDecision(made)) await (applyEffects[effect.kind] as Apply)(tx, [effect]);
      return made;
    });

  it('delivers a stream, shows pseudonyms alone, and what the recipient must drop after a withdrawal', async () => {
    const subjectId = randomUUID();
    const of = { subjectId, scopeId: subjectId };
    await decide('ads-data-targeted-advertising', 'opening', of);
    const made = await ask('/v1/deliveries', { stream: 'web-and-app', recipient: 'ads-and-data' });
    expect(made).toMatchObject({ status: 201, body: { records: 1 } });
    const delivery = await ask(`/v1/deliveries/${String(made.body['deliveryId'])}`);
    expect(delivery.body).toMatchObject({ records: [{ siteAndAppData: false, version: 1 }], nextAfter: null });
    expect(JSON.stringify(delivery.body)).not.toContain(subjectId);
    const { decisionId } = await decide('ads-data-targeted-advertising', 'closing', { ...of, version: 2 });
    const [record] = delivery.body['records'] as { pseudonym: string }[];
    expect((await ask(`/v1/decisions/${decisionId}/revocations`)).body).toMatchObject([
      { pseudonym: record?.pseudonym, recipient: 'ads-and-data', state: 'due' },
    ]);
    expect((await ask(`/v1/subjects/${subjectId}/exports`)).body).toEqual([
      { scopeId: subjectId, purposeId: 'ads-data-targeted-advertising', exported: false, version: 2 },
    ]);
  });

  it('refuses a recipient that the stream does not go to, naming those it goes to', async () => {
    const answer = await ask('/v1/deliveries', { stream: 'television', recipient: 'someone-else' });
    expect(answer).toMatchObject({ status: 422, body: { type: 'urn:consent:problem:recipient-unknown' } });
    expect(answer.body['detail']).toContain('ads-and-data or dpg-media');
  });

  it('says of an unknown delivery that it is unknown, and refuses a limit that is none', async () => {
    expect((await ask(`/v1/deliveries/${randomUUID()}`)).status).toBe(404);
    expect((await ask(`/v1/deliveries/${randomUUID()}?limit=many`)).status).toBe(400);
  });
});

type Apply = (tx: Transaction, effects: readonly object[]) => Promise<unknown>;
