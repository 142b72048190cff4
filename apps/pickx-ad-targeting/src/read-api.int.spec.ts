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

describe('the doors of pickx-ad-targeting', () => {
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

  it('chooses by profile while a consent stands, and shows switches and profiles', async () => {
    const subjectId = randomUUID();
    const accountId = randomUUID();
    const of = { subjectId, scopeId: accountId };
    await decide('pickx-personalised-tv-ads', 'opening', of);
    const input = { subjectId, accountId, spot: 'third-party-advertisement' };
    expect(await ask('/v1/selections', input)).toMatchObject({
      status: 201,
      body: { chosen: 'by-profile', version: 1 },
    });
    expect((await ask(`/v1/subjects/${subjectId}/targeting`)).body).toMatchObject({
      switches: [{ accountId, purposeId: 'pickx-personalised-tv-ads', allowed: true, version: 1 }],
      profiles: [{ accountId, audience: 'operator' }],
    });
    await decide('pickx-personalised-tv-ads', 'closing', { ...of, version: 2 });
    expect((await ask('/v1/selections', input)).body).toMatchObject({ chosen: 'unpersonalised' });
    expect((await ask(`/v1/subjects/${subjectId}/targeting`)).body).toMatchObject({ profiles: [] });
  });

  it('refuses a spot that is none and a field that nobody knows', async () => {
    const input = { subjectId: randomUUID(), accountId: randomUUID(), spot: 'banner', viewer: 'someone' };
    const answer = await ask('/v1/selections', input);
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ path: 'spot' }, { path: 'viewer' }] } });
  });
});

type Apply = (tx: Transaction, effects: readonly object[]) => Promise<unknown>;
