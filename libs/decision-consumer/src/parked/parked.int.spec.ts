import { randomBytes, randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { testTopics, type TestTopics, until } from '@consent/testing';
import { decision } from '../kit/decision.js';
import { CLUB } from '../spec/club.js';
import { clubDatabase, type ClubDatabase } from '../spec/club-database.js';
import { runClub, type RunningClub, wire, type Wire } from '../spec/running-club.js';
import { listParked } from './list-parked.js';
import { redrive } from './redrive.js';

/** Kafka's resource type of a topic. */
const TOPIC = 2;

describe('parked records', () => {
  let topics: TestTopics;
  let db: ClubDatabase;
  let kafka: Wire;
  let club: RunningClub;

  beforeEach(async () => {
    [topics, db] = await Promise.all([testTopics([CLUB]), clubDatabase()]);
    kafka = await wire(topics);
    club = await runClub(topics, db.database.appUrl);
  }, 60_000);
  afterEach(async () => {
    await club.stop();
    await kafka.close();
    await Promise.all([topics.drop(), db.drop()]);
  }, 60_000);

  const open = (version: number, subjectId: string, fault?: string) =>
    decision(CLUB, { purposeId: 'club', version, subjectId }, fault ? { attributes: { fault } } : {});
  const allParked = (count: number) =>
    until(`${count} are parked`, async () => (await listParked(db.dataSource, 1_000, '0')).length === count, {
      timeoutMs: 30_000,
    });
  /** What the topic of the decisions takes from anyone, alone in its batch: random bytes, and a header that is no UTF-8. */
  async function publishJunk(): Promise<Buffer> {
    const value = randomBytes(1_000_000);
    const producer = topics.kafka.producer();
    await producer.connect();
    const headers = { junk: Buffer.alloc(40_000, 0xff) };
    await producer.send({ topic: topics.topics.decisions, messages: [{ key: randomUUID(), value, headers }] });
    await producer.disconnect();
    return value;
  }

  it('are copied to the dead-letter topic, be they as large as the topic of the decisions takes', async () => {
    const junk = await publishJunk();
    await kafka.publish(open(1, randomUUID(), 'rule'));
    await until('both are copied', () => kafka.deadLetters.length === 2, { timeoutMs: 30_000 });
    expect(kafka.deadLetters.map(({ value }) => value?.equals(junk))).toContain(true);
  }, 60_000);

  it('are copied though another one is larger than the dead-letter topic takes, which an operator ends by saying so', async () => {
    const admin = topics.kafka.admin();
    await admin.connect();
    const topic = { type: TOPIC, name: topics.topics.deadLetters };
    const configEntries = [
      { name: 'max.message.bytes', value: '100000' },
      { name: 'message.timestamp.type', value: 'LogAppendTime' },
    ];
    await admin.alterConfigs({ validateOnly: false, resources: [{ ...topic, configEntries }] });
    // The controller answers before the broker goes by it.
    await until('the broker goes by it', async () => {
      const { resources } = await admin.describeConfigs({ includeSynonyms: false, resources: [topic] });
      const found = resources[0]?.configEntries ?? [];
      return configEntries.every(({ name, value }) =>
        found.some((c) => c.configName === name && c.configValue === value),
      );
    });
    await admin.disconnect();
    const junk = await publishJunk();
    await kafka.publish(open(1, randomUUID(), 'rule'), open(1, randomUUID(), 'rule'));
    await until('the others are copied', () => kafka.deadLetters.length === 2, { timeoutMs: 30_000 });
    const [row] = await db.rows<{ id: string }>('SELECT id FROM parked_decision WHERE scope_id IS NULL');
    const id = row?.id ?? '';
    await until(
      'it is known that it cannot be copied',
      async () => (await club.consumer.discard(id)).kind === 'no-copy',
    );
    expect(club.logged.filter((line) => line.includes('takes no copy'))).toHaveLength(1);
    expect(await club.consumer.discard(id, { withoutCopy: true })).toMatchObject({ kind: 'discarded' });
    await allParked(2);
    const kept = await db.rows<{ record_value: Buffer }>('SELECT record_value FROM discarded_record');
    expect(kept.map(({ record_value }) => record_value.equals(junk))).toEqual([true]);
  }, 60_000);

  it('are listed oldest first, and counted once each when all are sent again, with what waits behind them', async () => {
    const people = Array.from({ length: 12 }, () => randomUUID());
    await kafka.publish(...people.map((person) => open(1, person, 'rule')));
    await allParked(12);
    await kafka.publish(...people.map((person) => open(2, person, 'rule')));
    await allParked(24);
    const ids = (await listParked(db.dataSource, 1_000, '0')).map(({ id }) => Number(id));
    expect(ids).toEqual(ids.toSorted((a, b) => a - b));
    const first = await listParked(db.dataSource, 10, '0');
    const second = await listParked(db.dataSource, 100, first.at(-1)?.id ?? '');
    expect([...first, ...second].map(({ id }) => Number(id))).toEqual(ids);
    // The older opening of each is superseded by the newer, which fails again.
    expect(await redrive(club.consumer, db.dataSource, null)).toEqual({ tried: 24, released: 12, parked: 12 });
    await allParked(12);
    expect(await redrive(club.consumer, db.dataSource, 'effect_failed')).toEqual({
      tried: 12,
      released: 0,
      parked: 12,
    });
  }, 60_000);

  it('that could not be read keep their reason when they are released in vain, and say which schema nobody knows', async () => {
    const producer = topics.kafka.producer();
    await producer.connect();
    const value = Buffer.from('007fffffff00', 'hex');
    await producer.send({ topic: topics.topics.decisions, messages: [{ key: randomUUID(), value }] });
    await producer.disconnect();
    await allParked(1);
    const [row] = await listParked(db.dataSource, 1, '0');
    expect(row).toMatchObject({
      reason: 'undecodable',
      detail: expect.stringContaining('The schema registry does not know schema 2147483647'),
    });
    expect(await club.consumer.release([row?.id ?? ''])).toEqual([
      { id: row?.id, outcome: 'parked', reason: 'undecodable' },
    ]);
  }, 60_000);
});
