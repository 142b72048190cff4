import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ConsentDecision, decisionFormat, HEADERS, HEARTBEAT_PURPOSE } from '@consent/events';
import { type ConsumedRecord, headerText, RecordReader, runConsumer } from '@consent/kafka';
import { createHost, createLogger, type Host, startTelemetry } from '@consent/service-host';
import { required, testDatabase, type TestDatabase, testTopics, type TestTopics, until } from '@consent/testing';
import { Callers } from './callers/callers.js';
import { catalogueFiles } from './catalogue/catalogue-files.js';
import { config } from './config.js';
import { takeBodies } from './http/take-bodies.js';
import { consentMigrations } from './migrations.js';
import { problemOf } from './problem-of.js';
import { ServiceModule } from './service.module.js';
import { aDecision, someFacts } from './spec-app.js';

interface Seen {
  record: ConsumedRecord;
  decision: ConsentDecision;
}

describe('the whole service', () => {
  let database: TestDatabase;
  let on: TestTopics;
  let host: Host;
  let consumer: Awaited<ReturnType<typeof runConsumer>>;
  const seen: Seen[] = [];

  beforeAll(async () => {
    [database, on] = await Promise.all([testDatabase({ migrations: [consentMigrations] }), testTopics()]);
    const settings = config({
      DATABASE_URL: database.appUrl,
      KAFKA_BROKERS: required('KAFKA_BROKERS'),
      SCHEMA_REGISTRY_URL: required('SCHEMA_REGISTRY_URL'),
      KAFKA_TOPIC_PREFIX: on.prefix,
      CALLERS_FILE: 'unused',
      PORT: '0',
    });
    const tokenSha256 = createHash('sha256').update('t').digest('hex');
    const callers = new Callers([{ name: 'web', tokenSha256, actor: 'self', may: ['record', 'read', 'operate'] }]);
    host = await createHost({
      module: ServiceModule.forRoot(settings, () => catalogueFiles(settings.CATALOGUE_DIR), callers),
      config: settings,
      logger: createLogger({ service: 'consent-service', build: 'spec', level: 'fatal' }),
      telemetry: await startTelemetry({ service: 'consent-service', build: 'spec' }),
      problemOf,
      setup: takeBodies,
    });
    const reader = new RecordReader(decisionFormat(), on.registry);
    consumer = await runConsumer(on.kafka, {
      groupId: `spec-${randomUUID()}`,
      topics: [on.topics.decisions, on.topics.replays],
      onBatch: async ({ records }) => {
        for (const record of records) seen.push({ record, decision: await reader.decode(record.value) });
      },
      onCrash: (error) => {
        throw error;
      },
    });
  }, 60_000);

  afterAll(async () => {
    await consumer.stop();
    await host.close();
    await on.drop();
    await database.drop();
  }, 30_000);

  const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(`${host.url}${path}`, {
      method,
      headers: {
        authorization: 'Bearer t',
        ...(body === undefined ? {} : { 'content-type': 'application/json', 'idempotency-key': randomUUID() }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return (await response.json()) as Record<string, string>;
  };
  const published = (topic: string, decisionId: string | undefined): Promise<Seen> =>
    until(`decision ${decisionId} is on ${topic}`, () =>
      seen.find(({ record, decision }) => record.topic === topic && decision.decisionId === decisionId),
    );

  it('publishes a recorded decision under its subject, as the ledger holds it, with the trace of its request', async () => {
    const traceId = 'ab'.repeat(16);
    const body = aDecision();
    const made = await call('POST', '/v1/decisions', body, { traceparent: `00-${traceId}-${'cd'.repeat(8)}-01` });
    const { record, decision } = await published(on.topics.decisions, made['decisionId']);
    expect(record.key?.toString()).toBe(body.subjectId);
    expect(headerText(record, HEADERS.traceparent)).toContain(traceId);
    expect(headerText(record, HEADERS.lane)).toBe('live');
    expect(new Date(decision.committedAt).toISOString()).toBe(made['committedAt']);
    expect(decision).toMatchObject({
      version: 1,
      purposeId: body['purposeId'],
      evidence: { caller: 'web', actor: 'self' },
    });
  });

  it('sends a replay to its own topic and calls it done when the broker has it', async () => {
    const body = aDecision();
    const made = await call('POST', '/v1/decisions', body);
    const { replayId } = await call('POST', '/v1/replays', {
      system: 'marketing-segmentation',
      mode: 'repair',
      select: { subject: body.subjectId },
    });
    const { record } = await published(on.topics.replays, made['decisionId']);
    expect(headerText(record, HEADERS.replayId)).toBe(replayId);
    expect(headerText(record, HEADERS.targetSystem)).toBe('marketing-segmentation');
    expect(headerText(record, HEADERS.ledgerHead)).toBe('true');
    await until('the replay is done', async () => (await call('GET', `/v1/replays/${replayId}`))['state'] === 'done');
  });

  it('publishes what falls due by itself, once, under the due moment', async () => {
    const { subjectId } = aDecision();
    const contractEnd = Date.now() + 1_500;
    await call(
      'PUT',
      `/v1/subjects/${subjectId}/facts`,
      someFacts({ contractEnd: new Date(contractEnd).toISOString() }),
    );
    const given = aDecision({ subjectId, purposeId: 'ads-data-targeted-advertising' });
    await published(on.topics.decisions, (await call('POST', '/v1/decisions', given))['decisionId']);
    const ofClock = () =>
      seen.filter(
        ({ decision }) =>
          decision.subjectId === subjectId && decision.purposeId === given.purposeId && decision.cause === 'clock',
      );
    await until('the end of the consent is published', () => ofClock().length > 0);
    expect(ofClock().map(({ decision }) => decision)).toMatchObject([
      {
        status: 'expired',
        decidedAt: contractEnd,
        permission: { allowed: false, reason: 'contract_ended' },
        evidence: { actor: 'system', caller: 'consent-service' },
      },
    ]);
  });

  it('beats', async () => {
    await until('a heartbeat is published', () =>
      seen.some(({ decision }) => decision.purposeId === HEARTBEAT_PURPOSE),
    );
  });

  it('is ready, and says how its parts are', async () => {
    const answer = await (await fetch(`${host.url}/readyz`)).json();
    expect(answer).toMatchObject({
      status: 'ok',
      checks: { ledger: { ok: true }, relay: { ok: true }, clocks: { ok: true } },
    });
  });
});
