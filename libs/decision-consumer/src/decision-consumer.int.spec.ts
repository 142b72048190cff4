import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { HEADERS, HEARTBEAT_PURPOSE } from '@consent/events';
import { createKafka, createProducer, type RecordProducer, RegistryError, type SchemaRegistry } from '@consent/kafka';
import { createDataSource } from '@consent/postgres';
import { required, testTopics, type TestTopics, until } from '@consent/testing';
import { decision } from './kit/decision.js';
import { CLUB } from './spec/club.js';
import { clubDatabase, type ClubDatabase } from './spec/club-database.js';
import { runClub, type RunningClub, wire, type Wire } from './spec/running-club.js';

let topics: TestTopics;
let db: ClubDatabase;
let kafka: Wire;
const running: RunningClub[] = [];

beforeEach(async () => {
  [topics, db] = await Promise.all([testTopics([CLUB]), clubDatabase()]);
  kafka = await wire(topics);
}, 60_000);
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.stop()));
  await kafka.close();
  await Promise.all([topics.drop(), db.drop()]);
}, 60_000);

const asOwner = (sql: string) => asUser(db.database.ownerUrl, sql);
const asAdmin = (sql: string) => asUser(required('TEST_DATABASE_URL'), sql);
async function asUser(url: string, sql: string): Promise<void> {
  const owner = createDataSource({ url, applicationName: 'owner' });
  await owner.initialize();
  await owner.query(sql);
  await owner.destroy();
}

type Options = Parameters<typeof runClub>[2];
async function start(options?: Options): Promise<RunningClub> {
  const one = await runClub(topics, db.database.appUrl, options);
  running.push(one);
  return one;
}
async function stop(one: RunningClub): Promise<void> {
  running.splice(running.indexOf(one), 1);
  await one.stop();
}

const subject = () => randomUUID();
const open = (subjectId: string, version: number, fault?: string) =>
  decision(CLUB, { purposeId: 'club', version, subjectId }, fault ? { attributes: { fault } } : {});
const close = (subjectId: string, version: number, fault?: string) =>
  decision(CLUB, { purposeId: 'club', version, subjectId, closes: true }, fault ? { attributes: { fault } } : {});

/** What the club says it has parked, as it answers a heartbeat sent now. */
async function parkedAsTold(): Promise<number | null | undefined> {
  const beat = decision(CLUB, { purposeId: HEARTBEAT_PURPOSE, version: 1, subjectId: subject() });
  await kafka.publish(beat);
  const answer = await until('the heartbeat is answered', () =>
    kafka.acknowledgements.find(({ decisionId }) => decisionId === beat.decisionId),
  );
  return answer.parkedRecords;
}

const answered = (count: number) =>
  until(`${count} acknowledgements`, () => kafka.acknowledgements.length >= count, { timeoutMs: 20_000 });
const said = () => kafka.acknowledgements.map(({ version, outcome }) => `${version} ${outcome}`);
/** The last answer about each decision. */
const answers = () => new Map(kafka.acknowledgements.map((a) => [a.decisionId, `${a.version} ${a.outcome}`]));
const committed = async () =>
  (await topics.admin.committedOffsets(`${topics.prefix}${CLUB}`, [topics.topics.decisions])).reduce(
    (sum, { offset }) => sum + offset,
    0,
  );

describe('a running system', () => {
  it('applies what the topic holds, acknowledges it, and carries the trace on', async () => {
    const people = Array.from({ length: 30 }, subject);
    await kafka.publish(...people.map((s) => open(s, 1)), ...people.map((s) => close(s, 2)));
    await start();
    await answered(60);
    expect(await db.rows('SELECT count(*)::int AS n FROM member WHERE NOT allowed AND version = 2')).toEqual([
      { n: 30 },
    ]);
    const [first] = kafka.acknowledgements;
    expect(first).toMatchObject({ systemId: CLUB, build: 'spec', replayId: null });
    expect(kafka.acknowledgementHeaders[0]?.[HEADERS.traceparent]?.toString()).toContain(
      first?.decisionId.replaceAll('-', ''),
    );
  });

  it('commits the acknowledged cursor, and starts there', async () => {
    const first = await start();
    await kafka.publish(open(subject(), 1), open(subject(), 1));
    await answered(2);
    await stop(first);
    expect(await committed()).toBe(2);
    await start();
    await kafka.publish(open(subject(), 1));
    await answered(3);
    expect(kafka.acknowledgements).toHaveLength(3);
  });

  it('acknowledges again, with the first time, what a crash left applied and unacknowledged', async () => {
    const deaf: RecordProducer = { ...createProducer(topics.kafka), send: () => new Promise(() => undefined) };
    const s = subject();
    await kafka.publish(open(s, 1));
    await start({ producer: deaf, kafka: createKafka({ brokers: topics.brokers, clientId: 'deaf' }) });
    const applied = await until('it is applied', async () => {
      const [row] = await db.rows<{ applied_at: Date }>('SELECT applied_at FROM decision_state');
      return row;
    });
    // The deaf one holds the partitions until it leaves; it can confirm nothing.
    await stop(running[0] as RunningClub);
    expect(await committed()).toBe(0);
    await start();
    await answered(1);
    expect(kafka.acknowledgements[0]).toMatchObject({ outcome: 'applied', appliedAt: applied.applied_at.getTime() });
  }, 40_000);

  it('goes on applying withdrawals while the acknowledgement topic is down, with bounded memory, and catches up', async () => {
    const real = createProducer(topics.kafka);
    let down = true;
    const flaky: RecordProducer = {
      ...real,
      send: (records) => (down ? Promise.reject(new Error('the topic is down')) : real.send(records)),
      close: () => real.close(),
    };
    const one = await start({ producer: flaky, config: { ACKNOWLEDGEMENT_LIMIT: 20, CHUNK_RECORDS: 10 } });
    const people = Array.from({ length: 50 }, subject);
    for (const s of people) await kafka.publish(open(s, 1), close(s, 2));
    await until('all withdrawals are applied', async () => {
      const [row] = await db.rows<{ n: number }>('SELECT count(*)::int AS n FROM decision_state WHERE version = 2');
      return row?.n === 50;
    });
    expect(one.consumer.word).toBe('acknowledgements-behind');
    expect(one.consumer.report().unconfirmedAcknowledgements).toBeLessThanOrEqual(30);
    down = false;
    await until(
      'every decision is acknowledged',
      () => new Set(kafka.acknowledgements.map(({ decisionId }) => decisionId)).size === 100,
      { timeoutMs: 20_000 },
    );
    await until('it says that it runs', () => one.consumer.word === 'running');
    expect(one.logged).toContain('Reading again (unacknowledged)');
    await until('the cursor is at the end', async () => (await committed()) === 100);
  }, 60_000);

  it('reads again when its database was restored to an older state while it was down', async () => {
    const first = await start();
    const people = Array.from({ length: 10 }, subject);
    await kafka.publish(...people.map((s) => open(s, 1)));
    await answered(10);
    await stop(first);
    await db.clear();
    const second = await start();
    await until('the state is back', async () => (await db.rows('SELECT FROM member WHERE allowed')).length === 10);
    expect(second.logged).toContain('Reading again (restored)');
    await until('it says that it runs', () => second.consumer.word === 'running');
  }, 40_000);

  it('reads again when its database is restored under its feet', async () => {
    const one = await start();
    const people = Array.from({ length: 10 }, subject);
    await kafka.publish(...people.map((s) => open(s, 1)));
    await answered(10);
    await db.clear();
    await db.rows('INSERT INTO partition_cursor SELECT $1, p, -1 FROM generate_series(0, 11) AS p', [
      topics.topics.decisions,
    ]);
    await kafka.publish(...people.map((s) => close(s, 2)));
    await until('all is applied again', async () => {
      const [row] = await db.rows<{ n: number }>('SELECT count(*)::int AS n FROM decision_state WHERE version = 2');
      return row?.n === 10;
    });
    expect(one.logged).toContain('Reading again (restored)');
    expect(one.crashed).toEqual([]);
  }, 40_000);

  it('says last what holds: that a decision parked is not said after what became of it, though the topic was down', async () => {
    const real = createProducer(topics.kafka);
    const acknowledging = topics.topics.acknowledgements(CLUB);
    let failed = 0;
    let down = true;
    const flaky: RecordProducer = {
      ...real,
      async send(records) {
        if (!records.some(({ topic }) => topic === acknowledging)) return real.send(records);
        if (!down) return real.send(records);
        failed++;
        throw new Error('the topic is down');
      },
      close: () => real.close(),
    };
    await start({ producer: flaky });
    const [parked, newer] = [open(subject(), 1, 'rule'), close(subject(), 2)];
    const closing = { ...newer, subjectId: parked.subjectId, scope: parked.scope };
    await kafka.publish(parked);
    // It waits for about a second then, and what supersedes the parked one need not.
    await until('it has been tried', () => failed === 6);
    down = false;
    await kafka.publish(closing);
    await answered(3);
    expect(answers().get(parked.decisionId)).toBe('1 superseded');
  }, 40_000);

  it('lets a poison record delay its own triple only, tells the dead-letter topic, and releases it on demand', async () => {
    const one = await start();
    const [poisoned, ...others] = Array.from({ length: 8 }, subject) as [string, ...string[]];
    await kafka.publish(open(poisoned, 1), ...others.map((s) => open(s, 1)));
    await answered(8);
    const poison = close(poisoned, 2, 'stumble');
    await kafka.publish(poison, ...others.map((s) => close(s, 2)), open(poisoned, 3));
    await answered(17);
    expect(
      kafka.acknowledgements.filter(({ subjectId }) => subjectId === poisoned).map(({ outcome }) => outcome),
    ).toEqual(['applied', 'parked', 'parked']);
    expect(await db.rows('SELECT count(*)::int AS n FROM member WHERE NOT allowed')).toEqual([{ n: 7 }]);
    await until('two dead letters', () => kafka.deadLetters.length === 2);
    expect(kafka.deadLetters[0]?.key?.toString()).toBe(poisoned);
    expect(kafka.deadLetters[0]?.headers[HEADERS.deadLetterReason]?.toString()).toBe('effect_failed');
    await asOwner('ALTER TABLE member DROP CONSTRAINT member_points_check');
    const [row] = await db.rows<{ id: string }>("SELECT id FROM parked_decision WHERE reason = 'effect_failed'");
    const released = await one.consumer.release([row?.id ?? '']);
    expect(released.map(({ outcome }) => outcome)).toEqual(['superseded', 'applied']);
    await answered(19);
    expect(said().slice(17)).toEqual(['2 superseded', '3 applied']);
    await until('the rows are gone', async () => (await db.rows('SELECT FROM parked_decision')).length === 0);
    expect(one.consumer.report().parked).toBe(0);
  }, 40_000);

  it('stops, stays, and says why when too much parks at once', async () => {
    const one = await start({ config: { PARK_LIMIT_PER_MINUTE: 3 } });
    await kafka.publish(...Array.from({ length: 8 }, () => open(subject(), 1, 'rule')));
    await until('the breaker is open', () => one.consumer.word === 'breaker-open');
    expect(one.consumer.report().detail).toContain('fail for good within a minute');
    expect(one.crashed).toEqual([]);
    expect((await db.rows('SELECT FROM parked_decision')).length).toBeLessThanOrEqual(3);
  }, 30_000);

  it('parks the whole subject for bytes that cannot be read, and applies the others', async () => {
    const s = subject();
    const one = await start();
    await kafka.raw(s, Buffer.from('not a decision'));
    await kafka.publish(open(s, 1), close(s, 2), open(subject(), 1));
    await until('three decisions are answered', () => answers().size === 3);
    expect([...answers().values()].sort()).toEqual(['1 applied', '1 superseded', '2 no_effect']);
    await kafka.publish(open(s, 3));
    await until('the opening waits', () => said().includes('3 parked'));
    const [row] = await db.rows<{ id: string }>('SELECT id FROM parked_decision WHERE scope_id IS NULL');
    await until('it is set aside', async () => (await one.consumer.discard(row?.id ?? '')).kind === 'discarded');
    await until('the opening is applied', () => said().includes('3 applied'));
    expect(await db.rows('SELECT allowed FROM permission_in_force WHERE subject_id = $1', [s])).toEqual([
      { allowed: true },
    ]);
  }, 30_000);

  it('tells in its answers to heartbeats how many records wait, over a restart and until they are set aside', async () => {
    const s = subject();
    const first = await start();
    await kafka.raw(s, Buffer.from('not a decision'));
    await kafka.raw(s, Buffer.from('nor this'));
    const told = (count: number) => until(`${count} are told`, async () => (await parkedAsTold()) === count);
    await told(2);
    await stop(first);
    const second = await start();
    await told(2);
    for (const { id } of await db.rows<{ id: string }>('SELECT id FROM parked_decision'))
      await until('it is set aside', async () => (await second.consumer.discard(id)).kind === 'discarded');
    await told(0);
    const person = open(subject(), 1);
    await kafka.publish(person);
    const answer = await until('a decision is answered', () =>
      kafka.acknowledgements.find(({ decisionId }) => decisionId === person.decisionId),
    );
    expect(answer.parkedRecords).toBeNull();
  }, 40_000);

  it('applies replays that are meant for it: redelivered ones are duplicates, repairs mend', async () => {
    await start();
    const s = subject();
    const grant = open(s, 1);
    const withdrawal = close(s, 2);
    await kafka.publish(grant, withdrawal);
    await answered(2);
    await db.rows('UPDATE member SET allowed = true');
    const headers = (mode: string, system: string = CLUB) => ({
      [HEADERS.replayId]: 'run-7',
      [HEADERS.replayMode]: mode,
      [HEADERS.targetSystem]: system,
      [HEADERS.ledgerHead]: 'true',
    });
    await kafka.replay(withdrawal, headers('repair', 'directory-listing'));
    await kafka.replay(withdrawal, headers('redeliver'));
    await answered(3);
    expect(kafka.acknowledgements[2]).toMatchObject({ replayId: 'run-7', outcome: 'no_effect' });
    expect(await db.rows('SELECT allowed FROM member')).toEqual([{ allowed: true }]);
    await kafka.replay(withdrawal, headers('repair'));
    await answered(4);
    expect(kafka.acknowledgements[3]).toMatchObject({ replayId: 'run-7', outcome: 'applied' });
    expect(await db.rows('SELECT allowed FROM member')).toEqual([{ allowed: false }]);
  }, 30_000);

  it('hands its partitions to another process and back, and loses nothing', async () => {
    const first = await start();
    const people = Array.from({ length: 60 }, subject);
    await kafka.publish(...people.slice(0, 20).map((s) => open(s, 1)));
    const second = await start();
    await kafka.publish(...people.slice(20, 40).map((s) => open(s, 1)));
    await until('both hold partitions', () => [first, second].every((one) => one.consumer.report().live.length === 6), {
      timeoutMs: 20_000,
    });
    await stop(first);
    await kafka.publish(...people.slice(40).map((s) => open(s, 1)));
    await until(
      'everybody is a member',
      async () => (await db.rows('SELECT FROM member WHERE allowed')).length === 60,
      {
        timeoutMs: 20_000,
      },
    );
    await until(
      'everything is acknowledged',
      () => new Set(kafka.acknowledgements.map(({ decisionId }) => decisionId)).size === 60,
    );
    expect([...first.crashed, ...second.crashed]).toEqual([]);
  }, 60_000);

  it('outlasts a database that ends its sessions, and parks nothing', async () => {
    const one = await start({ config: { CHUNK_RECORDS: 5 } });
    const people = Array.from({ length: 40 }, subject);
    const sessions = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '${db.database.name}_app'`;
    for (const s of people) {
      await kafka.publish(open(s, 1));
      if (people.indexOf(s) % 10 === 5) await asAdmin(sessions);
    }
    await answered(40);
    await until('everybody is a member', async () => (await db.rows('SELECT FROM member WHERE allowed')).length === 40);
    expect(kafka.acknowledgements.filter(({ outcome }) => outcome === 'parked')).toEqual([]);
    expect(one.crashed).toEqual([]);
  }, 60_000);

  it('waits for the registry when a schema is new to it, and parks nothing', async () => {
    const { registry } = topics;
    let away = 3;
    const failing = Object.create(registry, {
      idOf: { value: registry.idOf.bind(registry) },
      schemaById: {
        value: (id: number) =>
          away-- > 0 ? Promise.reject(new RegistryError('UNREACHABLE', 'away')) : registry.schemaById(id),
      },
    }) as SchemaRegistry;
    const one = await start({ registry: failing });
    await kafka.publish(open(subject(), 1));
    await answered(1);
    expect(said()).toEqual(['1 applied']);
    expect(away).toBeLessThan(0);
    expect(one.logged).toContain('A chunk is tried again');
  }, 30_000);
});
