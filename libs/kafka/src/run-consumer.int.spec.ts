import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { testTopics, type TestTopics, until } from '@consent/testing';
import { type ConsumedRecord, headerText } from './consumed-record.js';
import { partitionOf } from './partition-of.js';
import { createProducer, type RecordProducer } from './producer.js';
import { type ConsumerSettings, runConsumer, type RunningConsumer } from './run-consumer.js';
import { type OutgoingRecord } from './send-queue.js';

let on: TestTopics;
let producer: RecordProducer;
const running: RunningConsumer[] = [];

beforeAll(async () => {
  on = await testTopics();
  producer = createProducer(on.kafka);
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((consumer) => consumer.stop()));
});
afterAll(async () => {
  await producer.close();
  await on.drop();
});

const records = (topic: string, count: number, partition: number): OutgoingRecord[] =>
  Array.from({ length: count }, (_, i) => ({ topic, key: `k${i}`, value: Buffer.from(String(i)), partition }));

/** Starts a consumer that collects; stopped after the test. */
async function consume(settings: Partial<ConsumerSettings> & { groupId: string; topics: string[] }) {
  const seen: ConsumedRecord[] = [];
  const crashes: Error[] = [];
  const consumer = await runConsumer(on.kafka, {
    onBatch: async (batch) => void seen.push(...batch.records),
    onCrash: (error) => crashes.push(error),
    ...settings,
  });
  running.push(consumer);
  return { consumer, seen, crashes };
}
const newGroup = (): string => `spec-${randomUUID()}`;

describe('runConsumer', () => {
  it('hands over raw bytes with key, headers, offset and the broker’s append time, on the key’s own partition', async () => {
    const key = randomUUID();
    const value = Buffer.from([0, 255, 128, 10]);
    const before = Date.now();
    await producer.send([{ topic: on.topics.replays, key, value, headers: { 'outbox-wait-ms': '12' } }]);
    const { seen } = await consume({ groupId: newGroup(), topics: [on.topics.replays] });
    const find = (): ConsumedRecord | undefined => seen.find((r) => String(r.key) === key);
    await until('the record', find);
    const record = find() as ConsumedRecord;
    expect(record.value).toEqual(value);
    expect(headerText(record, 'outbox-wait-ms')).toBe('12');
    expect(headerText(record, 'absent')).toBeUndefined();
    expect(record.partition).toBe(partitionOf(key));
    expect(record.timestamp).toBeGreaterThanOrEqual(before - 5);
    expect(record.timestamp).toBeLessThan(before + 60_000);
  });

  it('reads from the beginning, keeps the order of a partition, and goes on from the committed offset only', async () => {
    const topic = on.topics.acknowledgements('group-sharing');
    await producer.send(records(topic, 100, 4));
    const groupId = newGroup();
    const first = await consume({ groupId, topics: [topic] });
    await until('100 records', () => first.seen.length >= 100);
    expect(first.seen.map(({ offset }) => offset)).toEqual(Array.from({ length: 100 }, (_, i) => i));
    await first.consumer.commitOffsets([{ topic, partition: 4, offset: 60 }]);
    await first.consumer.stop();
    expect(await on.admin.committedOffsets(groupId, [topic])).toEqual([{ topic, partition: 4, offset: 60 }]);

    const second = await consume({ groupId, topics: [topic] });
    await until('the rest', () => second.seen.length >= 40);
    expect(second.seen.map(({ offset }) => offset)).toEqual(Array.from({ length: 40 }, (_, i) => i + 60));
  });

  it('hands nothing over before onAssigned has resolved, which may seek', async () => {
    const topic = on.topics.acknowledgements('ads-data-export');
    await producer.send(records(topic, 10, 2));
    const events: string[] = [];
    const holder: { consumer?: RunningConsumer } = {};
    const { consumer, seen } = await consume({
      groupId: newGroup(),
      topics: [topic],
      onAssigned: async (partitions) => {
        events.push(`assigned ${partitions.length}`);
        await until('the consumer', () => holder.consumer);
        holder.consumer?.seek({ topic, partition: 2, offset: 7 });
      },
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(seen).toEqual([]);
    holder.consumer = consumer;
    await until('three records', () => seen.length >= 3);
    expect(seen.map(({ offset }) => offset)).toEqual([7, 8, 9]);
    expect(events).toEqual(['assigned 12']);
  });

  it('reads again what onBatch did not move behind, and after a seek discards the batch in hand', async () => {
    const topic = on.topics.acknowledgements('directory-listing');
    await producer.send(records(topic, 6, 1));
    const offsets: number[][] = [];
    const holder: { consumer?: RunningConsumer } = {};
    const { consumer } = await consume({
      groupId: newGroup(),
      topics: [topic],
      onBatch: async (batch) => {
        await until('the consumer', () => holder.consumer);
        offsets.push(batch.records.map(({ offset }) => offset));
        if (offsets.length === 1) return 4;
        if (offsets.length === 2) {
          holder.consumer?.seek({ topic, partition: 1, offset: 2 });
          expect(batch.isStale()).toBe(true);
        }
        return undefined;
      },
    });
    holder.consumer = consumer;
    await until('three batches', () => offsets.length >= 3);
    expect(offsets).toEqual([
      [0, 1, 2, 3, 4, 5],
      [4, 5],
      [2, 3, 4, 5],
    ]);
  });

  it('gives all partitions of a fetch to onBatch at once, so that a chunk can span them', async () => {
    const topic = on.topics.acknowledgements('marketing-segmentation');
    await producer.send(Array.from({ length: 12 }, (_, partition) => records(topic, 1, partition)).flat());
    let together = 0;
    let most = 0;
    await consume({
      groupId: newGroup(),
      topics: [topic],
      onBatch: async () => {
        most = Math.max(most, ++together);
        await new Promise((resolve) => setImmediate(resolve));
        together--;
      },
    });
    await until('all 12 at once', () => most === 12);
  });

  it('keeps the membership while onBatch is slow, and lets it finish and commit on stop', async () => {
    const topic = on.topics.acknowledgements('pickx-ad-targeting');
    await producer.send(records(topic, 1, 3));
    const groupId = newGroup();
    let assignments = 0;
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    let inHand = false;
    const holder: { consumer?: RunningConsumer } = {};
    const { consumer, crashes } = await consume({
      groupId,
      topics: [topic],
      sessionTimeoutMs: 6_000,
      onAssigned: () => void assignments++,
      onBatch: async () => {
        inHand = true;
        await released;
      },
      onStopping: async () => holder.consumer?.commitOffsets([{ topic, partition: 3, offset: 1 }]),
    });
    holder.consumer = consumer;
    await until('a batch in hand', () => inHand);
    const started = performance.now();
    await until('longer than the session', () => performance.now() - started > 7_500, { everyMs: 250 });
    const stopped = consumer.stop();
    release();
    await stopped;
    expect(assignments).toBe(1);
    expect(crashes).toEqual([]);
    expect(await on.admin.committedOffsets(groupId, [topic])).toEqual([{ topic, partition: 3, offset: 1 }]);
  }, 30_000);

  it('reports an error of onBatch as a crash, once, and moves no further', async () => {
    const topic = on.topics.deadLetters;
    await producer.send([...records(topic, 2, 0), ...records(topic, 2, 5)]);
    let calls = 0;
    const { crashes } = await consume({
      groupId: newGroup(),
      topics: [topic],
      onBatch: async () => {
        calls++;
        throw new Error('the handler broke');
      },
    });
    await until('the crash', () => crashes.length > 0);
    await producer.send(records(topic, 1, 7));
    expect(crashes.map(({ message }) => message)).toEqual(['the handler broke']);
    expect(calls).toBeLessThanOrEqual(2);
  });

  it('takes a seek, a pause and a resume for done while it has no group', async () => {
    const topic = on.topics.deadLetters;
    const { consumer, crashes } = await consume({ groupId: newGroup(), topics: [topic] });
    await until('the assignment', () => consumer.assigned().length > 0);
    // As between a failure of the connection and its restart: kafkajs has left the group and holds none.
    await consumer.stop();
    consumer.seek({ topic, partition: 0, offset: 0 });
    consumer.pause([{ topic, partition: 0 }]);
    consumer.resume([{ topic, partition: 0 }]);
    expect(() => consumer.seek({ topic, partition: 0, offset: -5 })).toThrow('negative');
    expect(crashes).toEqual([]);
  });
});
