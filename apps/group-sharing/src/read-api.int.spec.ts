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

describe('the doors of group-sharing', () => {
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

  it('delivers to an affiliate, shows what was delivered, and what the affiliate must be told after an opt-out', async () => {
    const subjectId = randomUUID();
    const phone = randomUUID();
    const of = { subjectId, scopeId: subjectId };
    await decide('group-affiliate-phone-marketing', 'opening', of);
    await decide('contact-by-phone', 'opening', { subjectId, scopeId: phone, version: 2 });
    const made = await ask('/v1/deliveries', {
      affiliate: 'group-company-a',
      purposeId: 'group-affiliate-phone-marketing',
      channel: 'phone',
    });
    expect(made).toMatchObject({ status: 201, body: { contacts: 1 } });
    const delivery = await ask(`/v1/deliveries/${String(made.body['deliveryId'])}`);
    expect(delivery.body).toMatchObject({
      contacts: [{ subjectId, contactPointId: phone, version: 1, stopped: false }],
      nextAfter: null,
    });
    const { decisionId } = await decide('group-affiliate-phone-marketing', 'closing', { ...of, version: 3 });
    expect((await ask(`/v1/subjects/${subjectId}/stop-messages`)).body).toMatchObject([
      { affiliate: 'group-company-a', decisionId, state: 'due' },
    ]);
    expect((await ask(`/v1/subjects/${subjectId}/sharing`)).body).toMatchObject([
      { purposeId: 'contact-by-phone', shared: true, version: 2 },
      { purposeId: 'group-affiliate-phone-marketing', shared: false, version: 3 },
    ]);
  });

  it('refuses a delivery for another channel than the telephone', async () => {
    const input = { affiliate: 'group-company-a', purposeId: 'group-affiliate-phone-marketing', channel: 'email' };
    expect(await ask('/v1/deliveries', input)).toMatchObject({ status: 422, body: { errors: [{ path: 'channel' }] } });
  });

  it('says of an unknown delivery that it is unknown, and refuses an id that is none', async () => {
    expect(await ask(`/v1/deliveries/${randomUUID()}`)).toMatchObject({
      status: 404,
      body: { type: 'urn:consent:problem:delivery-unknown' },
    });
    expect((await ask('/v1/deliveries/one')).status).toBe(400);
  });
});

type Apply = (tx: Transaction, effects: readonly object[]) => Promise<unknown>;
