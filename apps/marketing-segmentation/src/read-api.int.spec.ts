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

describe('the doors of marketing-segmentation', () => {
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

  it('draws a target list, and takes a person off it who closes the channel', async () => {
    const subjectId = randomUUID();
    const address = randomUUID();
    await decide('customer-newsletter', 'opening', { subjectId, scopeId: subjectId });
    await decide('contact-by-email', 'opening', { subjectId, scopeId: address, version: 2 });
    const made = await ask('/v1/target-lists', {
      campaign: 'spring-2027',
      purposeId: 'customer-newsletter',
      channel: 'email',
    });
    expect(made).toMatchObject({ status: 201, body: { entries: 1 } });
    const list = `/v1/target-lists/${String(made.body['targetListId'])}`;
    expect((await ask(list)).body).toMatchObject({
      entries: [{ subjectId, contactPointId: address, version: 1, channelVersion: 2 }],
      nextAfter: null,
    });
    await decide('contact-by-email', 'closing', { subjectId, scopeId: address, version: 3 });
    expect((await ask(list)).body).toMatchObject({ entries: [] });
  });

  it('shows the switches and the scores of a subject', async () => {
    const subjectId = randomUUID();
    await decide('tailored-offers-web-app-usage', 'opening', { subjectId, scopeId: subjectId });
    expect((await ask(`/v1/subjects/${subjectId}/profile`)).body).toEqual({
      subjectId,
      switches: [{ scopeId: subjectId, purposeId: 'tailored-offers-web-app-usage', active: true, version: 1 }],
      scores: [{ scopeId: subjectId, source: 'web-app-usage', interest: 'general', score: 5 }],
    });
  });

  it('refuses a list for an unknown purpose, and says of an unknown list that it is unknown', async () => {
    const input = { campaign: 'spring-2027', purposeId: 'directory-contact-listing', channel: 'email' };
    expect(await ask('/v1/target-lists', input)).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'purposeId' }] },
    });
    expect((await ask(`/v1/target-lists/${randomUUID()}`)).status).toBe(404);
  });
});

type Apply = (tx: Transaction, effects: readonly object[]) => Promise<unknown>;
