import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HEADERS, SYSTEMS, topics } from '@consent/events';
import { headerText } from '@consent/kafka';
import { until } from '@consent/testing';
import { recordsAbout } from './checker/read-topic.js';
import { hold } from './hold.js';
import { otlpReceiver, type OtlpReceiver } from './otlp-receiver.js';
import { type Person } from './traffic.js';
import { startWorld, type World } from './world.js';

const SYSTEM = 'directory-listing';
const names = topics();
/** Spans are sent every few seconds. */
const PATIENT = { timeoutMs: 30_000, everyMs: 200 };

let receiver: OtlpReceiver;
let world: World;

beforeAll(async () => {
  receiver = await otlpReceiver();
  world = await startWorld({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint });
}, 240_000);
afterAll(async () => {
  await world?.stop();
  await receiver?.close();
}, 60_000);

const newTraceId = (): string => randomBytes(16).toString('hex');

/** One sampled decision of a person, sent by a caller that has the trace id. */
async function decideIn(traceId: string, person: Person): Promise<string> {
  const traceparent = `00-${traceId}-${randomBytes(8).toString('hex')}-01`;
  const decided = await world.client.decide(person, 'directory-contact-listing', true, traceparent);
  return decided.decisionId;
}

/** What a process answers; with a body it is sent one. */
async function ask(name: string, path: string, body?: object): Promise<unknown> {
  const answer = await fetch(`${world.platform.urlOf(name)}${path}`, {
    ...(body && { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  return answer.json();
}

interface LogLine {
  msg: string;
  trace_id?: string;
}

const linesOf = (name: string, message: string): LogLine[] =>
  world
    .logOf(name)
    .split('\n')
    .filter((line) => line.startsWith('{') && line.includes(message))
    .map((line) => JSON.parse(line) as LogLine);

describe('One decision', () => {
  it('is followed by its trace id from the HTTP request through every process to the acknowledgement', async () => {
    const traceId = newTraceId();
    const decisionId = await decideIn(traceId, await world.client.person());

    const linkedTo = new Set([
      'consent-service: outbox publish',
      // Each reads the whole topic; one of them is concerned, the others pass it over.
      ...SYSTEMS.map((system) => `${system}: apply chunk`),
      'propagation-monitor: store what was read',
    ]);
    const linked = (): Set<string> =>
      new Set(
        receiver
          .ofTrace(traceId)
          .filter((span) => span.traceId !== traceId)
          .map(({ service, name }) => `${service}: ${name}`),
      );
    await until('every process has sent its span', () => linked().size >= linkedTo.size, PATIENT);
    expect(linked()).toEqual(linkedTo);
    expect(receiver.ofTrace(traceId).filter((span) => span.traceId === traceId)).toMatchObject([
      { service: 'consent-service', name: 'POST /v1/decisions' },
    ]);

    for (const topic of [names.decisions, names.acknowledgements(SYSTEM)]) {
      const records = await until(
        `${topic} has it`,
        async () => {
          const found = await recordsAbout(decisionId, world.kafka, topic);
          return found.length > 0 ? found : null;
        },
        PATIENT,
      );
      for (const record of records)
        expect([topic, headerText(record, HEADERS.traceparent)]).toEqual([
          topic,
          expect.stringContaining(`-${traceId}-`),
        ]);
    }
  }, 90_000);

  it('about ids of no version of RFC 9562 is told by the system and by the monitor, as it is by the ledger', async () => {
    const ofNoVersion = (): string => randomUUID().replace(/-\w{4}-\w{4}-/, '-0111-0111-');
    const person = await world.client.person(ofNoVersion(), ofNoVersion());
    const { subjectId, line } = person;
    const { decisionId } = await world.client.decide(person, 'directory-contact-listing', true);
    await world.settled();
    const triple = { subjectId, scopeId: line, purposeId: 'directory-contact-listing' };
    for (const asked of [{ subjectId }, { triples: [triple] }])
      expect(await ask(SYSTEM, '/v1/effective-state', asked)).toMatchObject([{ ...triple, allowed: true }]);
    expect(await ask('propagation-monitor', `/v1/subjects/${subjectId}`)).toEqual(
      expect.arrayContaining([expect.objectContaining({ decisionId, scopeId: line })]),
    );
  }, 90_000);

  it.each([
    { name: 'consent-service', table: 'ledger', message: 'The ledger cannot be reached' },
    { name: SYSTEM, table: 'decision_state', message: 'A chunk is tried again' },
    { name: 'propagation-monitor', table: 'propagation', message: 'The database is away' },
  ])(
    'leaves its trace id in what $name logs when its database session is lost',
    async ({ name, table, message }) => {
      const traceId = newTraceId();
      const before = linesOf(name, message).length;
      await world.asAdministrator(name, async (db) => {
        const person = await world.client.person();
        // What the person's facts close is about the person too.
        await world.settled();
        const held = await hold(db, { table, event: 'INSERT', subjectId: person.subjectId });
        const deciding = decideIn(traceId, person);
        await held.caught();
        await held.release();
        await deciding;
      });
      const line = await until(`${name} logs it`, () => linesOf(name, message)[before], PATIENT);
      // The line carries the id of the trace itself, or of the chunk whose span links to it.
      await until(
        'the log line leads to the trace',
        () => receiver.ofTrace(traceId).some((span) => span.service === name && span.traceId === line.trace_id),
        PATIENT,
      );
    },
    90_000,
  );
});
