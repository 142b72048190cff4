import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PARTITIONS } from '@consent/events';
import { required } from '@consent/testing';
import { createKafka } from './create-kafka.js';
import { allTopics, ensureTopics } from './ensure-topics.js';
import { createTopicAdmin, type TopicAdmin } from './topic-admin.js';

const kafka = createKafka({ brokers: required('KAFKA_BROKERS').split(','), clientId: 'topics-spec' });
const prefix = `spec-${randomUUID().slice(0, 8)}.`;
const raw = kafka.admin();
let admin: TopicAdmin;

beforeAll(async () => {
  admin = await createTopicAdmin(kafka);
  await raw.connect();
});
afterAll(async () => {
  await admin.deleteTopics((await raw.listTopics()).filter((name) => name.startsWith(prefix)));
  await raw.disconnect();
  await admin.close();
});

describe('ensureTopics', () => {
  it('creates every topic with 12 led partitions, append time and explicit retention; again changes nothing', async () => {
    const names = allTopics(prefix);
    await ensureTopics(kafka, names);
    await ensureTopics(kafka, names);
    const { topics } = await raw.fetchTopicMetadata({ topics: names });
    expect(topics.map(({ partitions }) => partitions.length)).toEqual(names.map(() => PARTITIONS));
    const { resources } = await raw.describeConfigs({
      includeSynonyms: false,
      resources: names.map((name) => ({ type: 2, name })),
    });
    for (const { configEntries } of resources) {
      const values = new Map(configEntries.map(({ configName, configValue }) => [configName, configValue]));
      expect(values.get('message.timestamp.type')).toBe('LogAppendTime');
      expect(Number(values.get('retention.ms'))).toBeGreaterThanOrEqual(7 * 86_400_000);
    }
  });

  it('creates what is missing when two deploy jobs run at once', async () => {
    const names = allTopics(`${prefix}twice.`);
    await Promise.all([ensureTopics(kafka, names), ensureTopics(kafka, names)]);
    expect((await admin.partitionRanges(names[0] ?? '')).map(({ low, high }) => [low, high])).toEqual(
      Array.from({ length: PARTITIONS }, () => [0, 0]),
    );
  });

  it('refuses a topic with another number of partitions, saying what it found and why', async () => {
    const topic = `${prefix}other.consent.decisions`;
    await raw.createTopics({ waitForLeaders: false, topics: [{ topic, numPartitions: 3 }] });
    await expect(ensureTopics(kafka, [topic])).rejects.toThrow(
      /other\.consent\.decisions has 3 partitions, expected 12/,
    );
  });

  it('refuses a topic that keeps the producers’ times', async () => {
    const topic = `${prefix}create-time.consent.decisions`;
    await raw.createTopics({ waitForLeaders: false, topics: [{ topic, numPartitions: PARTITIONS }] });
    await expect(ensureTopics(kafka, [topic])).rejects.toThrow(/CreateTime, expected LogAppendTime/);
  });

  it('refuses a topic whose retention nobody chose', async () => {
    await expect(ensureTopics(kafka, [`${prefix}consent.rumours`])).rejects.toThrow(/has no retention/);
  });
});
