import { type Kafka } from 'kafkajs';
import { type PartitionOffset, type TopicPartition } from './run-consumer.js';

/** First and next offset of a partition. */
export interface PartitionRange extends TopicPartition {
  low: number;
  high: number;
}

export interface TopicAdmin {
  partitionRanges(topic: string): Promise<PartitionRange[]>;
  /** Offsets the group has committed; partitions without one are left out. */
  committedOffsets(groupId: string, topics: readonly string[]): Promise<PartitionOffset[]>;
  /** Removes topics; those that do not exist are passed over. */
  deleteTopics(names: readonly string[]): Promise<void>;
  deleteGroups(groupIds: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** Questions about topics and groups, over a connection of its own. */
export async function createTopicAdmin(kafka: Kafka): Promise<TopicAdmin> {
  const admin = kafka.admin();
  await admin.connect();
  return {
    async partitionRanges(topic) {
      const offsets = await whileLeadersMove(() => admin.fetchTopicOffsets(topic));
      return offsets.map(({ partition, low, high }) => ({
        topic,
        partition,
        low: Number(low),
        high: Number(high),
      }));
    },
    async committedOffsets(groupId, topics) {
      const answer = await admin.fetchOffsets({ groupId, topics: [...topics] });
      return answer.flatMap(({ topic, partitions }) =>
        partitions
          .map(({ partition, offset }) => ({ topic, partition, offset: Number(offset) }))
          .filter(({ offset }) => offset >= 0),
      );
    },
    async deleteTopics(names) {
      const existing = new Set(await admin.listTopics());
      const found = names.filter((name) => existing.has(name));
      if (found.length > 0) await admin.deleteTopics({ topics: found });
    },
    async deleteGroups(groupIds) {
      await admin.deleteGroups([...groupIds]);
    },
    close: () => admin.disconnect(),
  };
}

const PATIENCE_MS = 10_000;

/** Just after a topic was created or a broker came back, a partition may have no leader for a moment. */
export async function whileLeadersMove<T>(ask: () => Promise<T>, patienceMs = PATIENCE_MS): Promise<T> {
  for (const giveUpAt = performance.now() + patienceMs; ;) {
    try {
      return await ask();
    } catch (error) {
      if ((error as { retriable?: unknown }).retriable !== true || performance.now() > giveUpAt) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
