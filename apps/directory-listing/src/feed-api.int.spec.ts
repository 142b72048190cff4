import { createHash, randomUUID } from 'node:crypto';
import { Module } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decisionConsumerMigrations } from '@consent/decision-consumer';
import { createDataSource, withTransaction } from '@consent/postgres';
import { createHost, createLogger, type Host, startTelemetry, type Telemetry } from '@consent/service-host';
import { testDatabase, type TestDatabase } from '@consent/testing';
import { DataSource } from 'typeorm';
import { applyEffects } from './apply-effects.js';
import { FeedApi, takeNdjson } from './feed-api.js';
import { migrations } from './migrations.js';
import { onDecision } from './on-decision.js';
import { ReadApi } from './read-api.js';
import { decision, guard } from './spec-decision.js';
import { SUPPLIER_TOKENS } from './supplier-guard.js';

describe('the doors of directory-listing', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let telemetry: Telemetry;
  let host: Host;
  beforeAll(async () => {
    database = await testDatabase({ migrations: [decisionConsumerMigrations, ...migrations] });
    dataSource = await createDataSource({ url: database.appUrl, applicationName: 'spec' }).initialize();
    class SpecModule {}
    Module({
      controllers: [ReadApi, FeedApi],
      providers: [
        { provide: DataSource, useValue: dataSource },
        {
          provide: SUPPLIER_TOKENS,
          useValue: { 'other-operator': createHash('sha256').update(TOKEN).digest('hex') },
        },
      ],
    })(SpecModule);
    telemetry = await startTelemetry({ service: 'spec', build: 'spec' });
    host = await createHost({
      module: SpecModule,
      config: { HOST: '127.0.0.1', PORT: 0 },
      logger: createLogger({ service: 'spec', build: 'spec', level: 'silent' }),
      telemetry,
      setup: takeNdjson,
    });
  });
  afterAll(async () => {
    await host?.close();
    await telemetry?.shutdown();
    if (dataSource?.isInitialized) await dataSource.destroy();
    await database?.drop();
  });

  const post = async (path: string, body?: string, type = 'application/json', token = TOKEN) => {
    const answer = await fetch(`${host.url}${path}`, {
      method: 'POST',
      ...(body !== undefined && { body }),
      headers: { ...(body !== undefined && { 'content-type': type }), authorization: `Bearer ${token}` },
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  const get = async (path: string) => {
    const answer = await fetch(`${host.url}${path}`);
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  const decide = (line: Line, direction: 'opening' | 'closing', version: number) =>
    withTransaction(dataSource, async (tx) => {
      const made = decision('directory-contact-listing', direction, {
        subjectId: line.subjectId,
        scopeId: line.lineId,
        version,
      });
      await guard(tx, made);
      for (const effect of onDecision(made)) await applyEffects[effect.kind](tx, [effect]);
    });

  it('answers that a withdrawn line stays unlisted, shows the attempt, and hands nothing over', async () => {
    const line = aLine();
    await decide(line, 'opening', 1);
    await decide(line, 'closing', 2);
    const said = says(line, true);
    expect(await post('/v1/feeds/other-operator', JSON.stringify([said]))).toEqual({
      status: 200,
      body: [{ line: 1, outcome: 'resurrection_blocked' }],
    });
    expect((await get(`/v1/subjects/${line.subjectId}/listings`)).body).toMatchObject([{ listed: false, version: 2 }]);
    expect((await get(`/v1/subjects/${line.subjectId}/feed-events`)).body).toMatchObject([
      { supplier: 'other-operator', sourceEventId: said.sourceEventId, outcome: 'resurrection_blocked', version: 2 },
    ]);
    const handedOver = await post('/v1/hand-overs');
    expect(handedOver.status).toBe(201);
    const page = await get(`/v1/hand-overs/${String(handedOver.body['handOverId'])}`);
    expect(JSON.stringify(page.body)).not.toContain(line.lineId);
  });

  it('answers each line of NDJSON, the good ones whatever the bad ones are', async () => {
    const lines = [
      JSON.stringify(says(aLine(), true)),
      '',
      '{',
      JSON.stringify({ ...says(aLine(), false), name: 'x' }),
    ];
    const { status, body } = await post('/v1/feeds/other-operator', lines.join('\n'), 'application/x-ndjson');
    expect(status).toBe(200);
    expect(body).toMatchObject([
      { line: 1, outcome: 'no_grant' },
      { line: 3, problem: { type: 'urn:consent:problem:malformed-json' } },
      { line: 4, problem: { type: 'urn:consent:problem:invalid-input', errors: [{ path: 'name' }] } },
    ]);
  });

  it('refuses a feed that is no list, an empty one and one that is too long, saying what is expected', async () => {
    for (const body of ['{}', '[]', JSON.stringify(Array(1_001).fill({}))]) {
      const answer = await post('/v1/feeds/other-operator', body);
      expect(answer).toMatchObject({ status: 422, body: { type: 'urn:consent:problem:invalid-input' } });
      expect(answer.body['detail']).toContain('1 to 1000 lines');
    }
  });

  it('takes a feed only with the token of the supplier that it names', async () => {
    const line = aLine();
    const feed = JSON.stringify([says(line, true)]);
    for (const [supplier, token] of [
      ['other-operator', 'guessed'],
      ['third-operator', TOKEN],
      ['constructor', TOKEN],
    ] as const)
      expect(await post(`/v1/feeds/${supplier}`, feed, 'application/json', token)).toMatchObject({
        status: 401,
        body: { type: 'urn:consent:problem:unauthorised' },
      });
    expect((await get(`/v1/subjects/${line.subjectId}/feed-events`)).body).toEqual([]);
  });

  it('refuses a subject id that is none', async () => {
    expect(await get('/v1/subjects/someone/listings')).toMatchObject({ status: 400 });
  });

  it('gives a hand-over page by page, and says of an unknown one that it is unknown', async () => {
    for (const line of [aLine(), aLine(), aLine()]) await decide(line, 'opening', 1);
    const { body: made } = await post('/v1/hand-overs');
    const path = `/v1/hand-overs/${String(made['handOverId'])}?limit=1`;
    const first = await get(path);
    expect(first.body).toMatchObject({ lines: [{ profession: false, version: 1 }] });
    const second = await get(`${path}&after=${String(first.body['nextAfter'])}`);
    expect(second.body['lines']).not.toEqual(first.body['lines']);
    expect(await get(`/v1/hand-overs/${randomUUID()}`)).toMatchObject({
      status: 404,
      body: { type: 'urn:consent:problem:hand-over-unknown' },
    });
  });
});

const TOKEN = 'token-of-the-other-operator';

interface Line {
  subjectId: string;
  lineId: string;
}
const aLine = (): Line => ({ subjectId: randomUUID(), lineId: randomUUID() });
const says = (line: Line, listable: boolean) => ({
  ...line,
  listable,
  sourceEventId: randomUUID(),
  asOf: '2026-11-24T09:30:00Z',
});
