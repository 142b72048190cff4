import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { required, until } from '@consent/testing';
import { createKafka } from './create-kafka.js';
import { createProducer } from './producer.js';
import { runConsumer, type RunningConsumer } from './run-consumer.js';
import { type OutgoingRecord } from './send-queue.js';

jest.setTimeout(30_000);
const kafka = createKafka({ brokers: required('KAFKA_BROKERS').split(','), clientId: 'producer-spec' });
const admin = kafka.admin();
const run = randomUUID().slice(0, 8);
/** Two topics of one partition; the second takes small records only, so that a request can fail in part. */
const [roomy, narrow] = [`spec-${run}.roomy`, `spec-${run}.narrow`];
const seen: string[] = [];
let consumer: RunningConsumer;

beforeAll(async () => {
  await admin.connect();
  await admin.createTopics({
    waitForLeaders: false,
    topics: [
      { topic: roomy, numPartitions: 1 },
      { topic: narrow, numPartitions: 1, configEntries: [{ name: 'max.message.bytes', value: '1000' }] },
    ],
  });
  await until(
    'both topics',
    async () => (await admin.fetchTopicMetadata({ topics: [roomy, narrow] })).topics.length === 2,
  );
  consumer = await runConsumer(kafka, {
    groupId: `spec-${run}`,
    topics: [roomy],
    onBatch: async ({ records }) => void seen.push(...records.map(({ value }) => String(value))),
    onCrash: (error) => {
      throw error;
    },
  });
  const first = createProducer(kafka);
  await until('a topic that takes records', () => first.send([record(roomy, 'first')]).then(() => true));
  await first.close();
});
afterAll(async () => {
  await consumer.stop();
  await admin.deleteTopics({ topics: [roomy, narrow] });
  await admin.disconnect();
});

const record = (topic: string, value: string): OutgoingRecord => ({
  topic,
  key: 'k',
  value: Buffer.from(value),
  partition: 0,
});
const tooLargeForNarrow = 'x'.repeat(5_000);
const received = (value: string): Promise<boolean> => until(value, () => seen.includes(value));

/** As createProducer connects, for a look at what kafkajs does by itself. */
async function bareProducer() {
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1, retry: { retries: 1 } });
  await producer.connect();
  return producer;
}
const topicMessages = (records: readonly OutgoingRecord[]) =>
  records.map(({ topic, key, value }) => ({ topic, messages: [{ key, value, partition: 0 }] }));

describe('a producer on a real broker', () => {
  it('would lose records in silence if it went on after a send that failed in part: the reason for the rebuild', async () => {
    const bare = await bareProducer();
    await expect(
      bare.sendBatch({ topicMessages: topicMessages([record(roomy, 'bare 1'), record(narrow, tooLargeForNarrow)]) }),
    ).rejects.toThrow();
    await received('bare 1');
    // Confirmed, and dropped by the broker as a duplicate of "bare 1". When this fails, kafkajs has been mended.
    await bare.sendBatch({ topicMessages: topicMessages([record(roomy, 'bare 2')]) });
    await bare.disconnect();
    const after = createProducer(kafka);
    await after.send([record(roomy, 'after bare')]);
    await received('after bare');
    await after.close();
    expect(seen).not.toContain('bare 2');
  });

  it('loses nothing after a send that failed in part', async () => {
    const producer = createProducer(kafka, { retries: 1 });
    await expect(producer.send([record(roomy, 'kept 1'), record(narrow, tooLargeForNarrow)])).rejects.toMatchObject({
      code: 'NOT_CONFIRMED',
    });
    await producer.send([record(roomy, 'kept 2')]);
    await received('kept 2');
    await producer.close();
  });

  it('goes on through a new producer when the broker answers with a real sequence error', async () => {
    let connections = 0;
    const producer = createProducer(kafka, {
      connect: async () => {
        const bare = await bareProducer();
        if (connections++ > 0) return bare;
        // Its sequence is behind the broker's now, by one record; a request of another length meets error 45.
        await bare
          .sendBatch({ topicMessages: topicMessages([record(roomy, 'ahead'), record(narrow, tooLargeForNarrow)]) })
          .catch(() => undefined);
        return bare;
      },
    });
    await producer.send([record(roomy, 'one of two'), record(roomy, 'two of two')]);
    expect(producer.rebuilds).toBe(1);
    await received('two of two');
    expect(seen.filter((value) => value === 'one of two')).toHaveLength(1);
    await producer.close();
  });
});
