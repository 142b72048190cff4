import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHost, createLogger, type Host, startTelemetry, type Telemetry } from '@consent/service-host';
import { required, testTopics, type TestTopics, until } from '@consent/testing';
import { downstreamConfig } from '../config.js';
import { decision } from '../kit/decision.js';
import { club, CLUB, clubMigrations } from '../spec/club.js';
import { clubDatabase, type ClubDatabase } from '../spec/club-database.js';
import { wire, type Wire } from '../spec/running-club.js';
import { consumeDecisions, DecisionConsumerModule } from './decision-consumer.module.js';

let topics: TestTopics;
let db: ClubDatabase;
let kafka: Wire;
let host: Host;
let telemetry: Telemetry;
const TOKEN = 'let-me-in';
const poisoned = randomUUID();
const poison = decision(
  CLUB,
  { purposeId: 'club', version: 1, subjectId: poisoned },
  { attributes: { fault: 'rule' } },
);
const lines: string[] = [];
/** Answers `/held`, once that is asked. */
let letGo: (() => void) | undefined;

beforeAll(async () => {
  [topics, db] = await Promise.all([testTopics([CLUB]), clubDatabase()]);
  kafka = await wire(topics);
  const config = downstreamConfig(0).parse({
    DATABASE_URL: db.database.appUrl,
    KAFKA_BROKERS: required('KAFKA_BROKERS'),
    SCHEMA_REGISTRY_URL: required('SCHEMA_REGISTRY_URL'),
    KAFKA_TOPIC_PREFIX: topics.prefix,
    OPS_TOKEN_SHA256: createHash('sha256').update(TOKEN).digest('hex'),
  });
  telemetry = await startTelemetry({ service: CLUB, build: 'spec' });
  host = await createHost({
    module: DecisionConsumerModule.forRoot({ handler: club, config, migrations: [clubMigrations] }),
    config: { ...config, PORT: 0 },
    logger: createLogger({
      service: CLUB,
      build: 'spec',
      level: 'info',
      destination: { write: (line) => void lines.push(line) },
    }),
    telemetry,
    setup: (app) => {
      app.getHttpAdapter().get('/held', (_request: unknown, reply: { send(body: object): void }) => {
        letGo = () => reply.send({ held: false });
      });
      consumeDecisions(app);
    },
  });
  await kafka.publish(decision(CLUB, { purposeId: 'club', version: 1, subjectId: randomUUID() }), poison);
  await until('both are answered', () => kafka.acknowledgements.length === 2, { timeoutMs: 20_000 });
}, 60_000);
afterAll(async () => {
  await host.close();
  await telemetry.shutdown();
  await kafka.close();
  await Promise.all([topics.drop(), db.drop()]);
}, 60_000);

const call = async (method: string, path: string, body?: unknown, token?: string) => {
  const response = await fetch(host.url + path, {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return {
    status: response.status,
    body: (await response.json()) as Record<string, unknown> & Record<string, unknown>[],
  };
};

describe("the operators' API of a system", () => {
  it('says how the consumer is, and which purposes this build has a rule for', async () => {
    const { status, body } = await call('GET', '/v1/consumer');
    expect(status).toBe(200);
    expect(body).toMatchObject({ systemId: CLUB, word: 'running', detail: null, lag: 0, parked: 1 });
    expect(body['purposes']).toEqual(club.purposes);
    expect((await call('GET', '/readyz')).status).toBe(200);
    expect((await call('GET', '/livez')).status).toBe(200);
  });

  it('counts what was answered, without an id in any label', async () => {
    const text = await (await fetch(`${host.url}/metrics`)).text();
    expect(text).toMatch(/consent_consumer_decisions_total\{[^}]*outcome="applied"[^}]*\} 1/);
    expect(text).toMatch(/consent_consumer_parked\S* 1/);
    // What an alarm watches for an increase is there before it happens.
    for (const series of [
      'skipped_records_total{stream="live"}',
      'seeks_back_total{cause="restored"}',
      'conflicts_total',
    ])
      expect(text).toContain(`\nconsent_consumer_${series} 0\n`);
    expect(text).not.toContain(poisoned);
  });

  it('logs what is parked with the trace id of the request that recorded it, and no id of the person', () => {
    const parked = lines.filter((line) => line.includes('A decision is parked'));
    expect(parked.map((line) => JSON.parse(line) as object)).toMatchObject([
      { level: 'warn', reason: 'effect_failed', trace_id: poison.decisionId.replaceAll('-', '') },
    ]);
    expect(lines.join()).not.toContain(poisoned);
  });

  it('lists what is parked', async () => {
    const { body } = await call('GET', '/v1/parked?limit=10');
    expect(body).toMatchObject([{ subjectId: poisoned, purposeId: 'club', version: 1, reason: 'effect_failed' }]);
    for (const limit of ['none', '0x10', '1e2', ''])
      expect((await call('GET', `/v1/parked?limit=${limit}`)).status).toBe(400);
  });

  it('releases only with the operators token, and says what came of it', async () => {
    const [row] = (await call('GET', '/v1/parked')).body;
    const path = `/v1/parked/${String(row?.['id'])}/release`;
    expect(await call('POST', path)).toMatchObject({
      status: 401,
      body: { type: 'urn:consent:problem:unauthenticated' },
    });
    expect((await call('POST', path, undefined, 'wrong')).status).toBe(401);
    // What is wrong with the request is not a stranger's business.
    expect(await call('POST', `${path}?x=1`, undefined, 'wrong')).toMatchObject({ status: 401 });
    expect(await call('POST', path, undefined, TOKEN)).toMatchObject({ status: 200, body: [{ outcome: 'parked' }] });
    expect((await call('POST', '/v1/parked/999999/release', undefined, TOKEN)).status).toBe(404);
    expect((await call('POST', '/v1/parked/redrive', { reason: 'a\0b' }, TOKEN)).status).toBe(422);
    expect((await call('POST', '/v1/parked/redrive', {}, TOKEN)).body).toEqual({ tried: 1, released: 0, parked: 1 });
  });

  it('tells what the system really does', async () => {
    const [member] = await db.rows<{ subject_id: string; scope_id: string }>('SELECT subject_id, scope_id FROM member');
    const triple = { subjectId: member?.subject_id, scopeId: member?.scope_id, purposeId: 'club' };
    const asked = await call('POST', '/v1/effective-state', { triples: [triple, { ...triple, purposeId: 'other' }] });
    expect(asked.body).toEqual([{ ...triple, allowed: true, version: 1, heldBack: false }]);
    expect((await call('POST', '/v1/effective-state', { subjectId: member?.subject_id })).body).toHaveLength(1);
    expect((await call('POST', '/v1/effective-state', { triples: [] })).status).toBe(422);
  });

  it('tells what is held back as closed, be it that nothing of it was ever applied', async () => {
    const [row] = (await call('GET', '/v1/parked')).body;
    const triple = { subjectId: poisoned, scopeId: row?.['scopeId'], purposeId: 'club' };
    const waits = [{ ...triple, allowed: false, version: 0, heldBack: true }];
    const others = [
      { ...triple, purposeId: 'club-news' },
      { ...triple, scopeId: randomUUID() },
    ];
    expect((await call('POST', '/v1/effective-state', { subjectId: poisoned })).body).toEqual(waits);
    expect((await call('POST', '/v1/effective-state', { triples: [triple, ...others] })).body).toEqual(waits);
  });

  it('logs a record that cannot be read, too, when it parks', async () => {
    const before = lines.length;
    await kafka.raw(randomUUID(), Buffer.from('not a decision'));
    const found = await until('it is logged', () =>
      lines.slice(before).find((line) => line.includes('A decision is parked')),
    );
    expect(JSON.parse(String(found))).toMatchObject({ level: 'warn', reason: 'undecodable' });
  });

  it('ends consuming at once when the service is told to stop, be a request in hand', async () => {
    const answer = call('GET', '/held');
    await until('it is in hand', () => letGo);
    const closed = host.close();
    const admin = topics.kafka.admin();
    await admin.connect();
    await until('nobody consumes', async () => {
      const { groups } = await admin.describeGroups([`${topics.prefix}${CLUB}`]);
      return groups.every(({ members }) => members.length === 0);
    });
    await admin.disconnect();
    letGo?.();
    expect((await answer).body).toEqual({ held: false });
    await closed;
  });
});
