import { PARTITIONS, SYSTEMS, topics } from '@consent/events';
import kafkajs, { type Admin, type Kafka } from 'kafkajs';
import { maxMessageBytes } from './record-limits.js';
import { whileLeadersMove } from './topic-admin.js';

const DAY_MS = 86_400_000;
const LIMIT = 'max.message.bytes';

/** How long records stay, by the end of the topic name. The ledger is the archive; replays are for the moment. */
const RETENTION_MS: readonly (readonly [RegExp, number])[] = [
  [/consent\.replays$/, 7 * DAY_MS],
  [/consent\.dead-letters$/, 180 * DAY_MS],
  [/consent\.(decisions|acknowledgements\..+)$/, 730 * DAY_MS],
];

export interface TopicDurability {
  /** Copies of each partition; 3 in production. */
  replicationFactor?: number;
  /** Copies that must confirm a write; 2 in production. */
  minInSyncReplicas?: number;
}

/** Every topic of the pipeline, for the given prefix. */
export function allTopics(prefix = '', systems: readonly string[] = SYSTEMS): string[] {
  const names = topics(prefix);
  return [names.decisions, ...systems.map(names.acknowledgements), names.replays, names.deadLetters];
}

/**
 * Creates the topics that are missing, with 12 partitions, append time and explicit retention, and waits until the leader
 * of every partition answers for it: the metadata name one before the broker has taken the partition on. One that takes
 * smaller records than it must is told to take them; what else it was told stays.
 * @throws Error naming topic, found and expected, when one exists with other partitions or another time stamp type
 */
export async function ensureTopics(
  kafka: Kafka,
  names: readonly string[],
  { replicationFactor = 1, minInSyncReplicas = 1 }: TopicDurability = {},
): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const existing = new Set(await admin.listTopics());
    const missing = names.filter((name) => !existing.has(name));
    if (missing.length > 0) await createTopics(admin, missing, { replicationFactor, minInSyncReplicas });
    await waitForLeaders(admin, names);
    await checkTimestampType(admin, names);
    await raiseLimits(admin, names);
  } finally {
    await admin.disconnect();
  }
}

async function createTopics(
  admin: Admin,
  names: readonly string[],
  { replicationFactor, minInSyncReplicas }: Required<TopicDurability>,
): Promise<void> {
  const topics = names.map((topic) => ({
    topic,
    numPartitions: PARTITIONS,
    replicationFactor,
    configEntries: Object.entries(topicConfig(topic, minInSyncReplicas)).map(([name, value]) => ({ name, value })),
  }));
  // kafkajs's own wait fails when the metadata lag behind the creation. Topics that somebody else has created in between
  // are no error here: the checks that follow judge those too.
  await admin.createTopics({ topics, waitForLeaders: false });
}

export const topicConfig = (topic: string, minInSyncReplicas: number): Record<string, string> => ({
  'cleanup.policy': 'delete',
  'retention.ms': String(retentionOf(topic)),
  'retention.bytes': '-1',
  'message.timestamp.type': 'LogAppendTime',
  [LIMIT]: String(maxMessageBytes(topic)),
  'min.insync.replicas': String(minInSyncReplicas),
});

function retentionOf(topic: string): number {
  const found = RETENTION_MS.find(([pattern]) => pattern.test(topic));
  if (!found) throw new Error(`Topic ${topic} has no retention: add it to ensure-topics.ts`);
  return found[1];
}

const LEADERS_WITHIN_MS = 60_000;

async function waitForLeaders(admin: Admin, names: readonly string[]): Promise<void> {
  for (const giveUpAt = performance.now() + LEADERS_WITHIN_MS; ;) {
    const isLast = performance.now() > giveUpAt;
    const metadata = await admin.fetchTopicMetadata({ topics: [...names] }).catch((error: unknown) => {
      if (isLast) throw error;
      return { topics: [] };
    });
    for (const { name, partitions } of metadata.topics)
      if (partitions.length !== PARTITIONS && partitions.length > 0)
        throw new Error(
          `Topic ${name} has ${partitions.length} partitions, expected ${PARTITIONS}: the number is frozen, because another one would move subjects between partitions`,
        );
    const led = metadata.topics.filter(
      ({ partitions }) => partitions.length === PARTITIONS && partitions.every(({ leader }) => leader >= 0),
    );
    if (led.length === names.length) break;
    if (isLast) throw new Error(`Not every partition of ${names.join(', ')} has a leader`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  for (const name of names) await whileLeadersMove(() => admin.fetchTopicOffsets(name), LEADERS_WITHIN_MS);
}

/** Lag is the difference of append times: a topic that keeps the producer's times would show a client's clock. */
async function checkTimestampType(admin: Admin, names: readonly string[]): Promise<void> {
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: names.map((name) => ({
      type: kafkajs.ConfigResourceTypes.TOPIC,
      name,
      configNames: ['message.timestamp.type'],
    })),
  });
  for (const { resourceName, configEntries } of resources) {
    const found = configEntries.find(({ configName }) => configName === 'message.timestamp.type')?.configValue;
    if (found !== 'LogAppendTime')
      throw new Error(`Topic ${resourceName} has message.timestamp.type ${found}, expected LogAppendTime`);
  }
}

/** A topic that takes less than another hands on to it would stop what is handed on: dead letters are whole records. */
async function raiseLimits(admin: Admin, names: readonly string[]): Promise<void> {
  const type = kafkajs.ConfigResourceTypes.TOPIC;
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: names.map((name) => ({ type, name })),
  });
  const raised = resources.flatMap(({ resourceName: name, configEntries: entries }) => {
    const found = Number(entries.find(({ configName }) => configName === LIMIT)?.configValue);
    if (found >= maxMessageBytes(name)) return [];
    // Altering replaces all that was set on the topic itself.
    const kept = entries
      .filter(
        ({ configName, configSource }) => configSource === kafkajs.ConfigSource.TOPIC_CONFIG && configName !== LIMIT,
      )
      .map(({ configName, configValue }) => ({ name: configName, value: configValue }));
    return [{ type, name, configEntries: [...kept, { name: LIMIT, value: String(maxMessageBytes(name)) }] }];
  });
  if (raised.length > 0) await admin.alterConfigs({ validateOnly: false, resources: raised });
}
