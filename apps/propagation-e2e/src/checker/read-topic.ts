import { randomUUID } from 'node:crypto';
import { type ConsumedRecord, createTopicAdmin, type Kafka, runConsumer } from '@consent/kafka';

/** Every record on the topic now, partition by partition in order of offsets. */
export async function readTopic(kafka: Kafka, topic: string): Promise<ConsumedRecord[]> {
  const admin = await createTopicAdmin(kafka);
  const groupId = `checker-${randomUUID()}`;
  try {
    const missing = new Map(
      (await admin.partitionRanges(topic)).filter((r) => r.high > r.low).map((r) => [r.partition, r.high]),
    );
    const found = new Map<number, ConsumedRecord[]>();
    if (missing.size === 0) return [];
    await new Promise<void>((resolve, reject) => {
      const running = runConsumer(kafka, {
        groupId,
        topics: [topic],
        onCrash: reject,
        onBatch: async ({ partition, records }) => {
          found.set(partition, [...(found.get(partition) ?? []), ...records]);
          const last = records.at(-1)?.offset ?? -1;
          if (last + 1 >= (missing.get(partition) ?? 0)) missing.delete(partition);
          if (missing.size === 0) void running.then((consumer) => consumer.stop()).then(resolve, reject);
        },
      });
      running.catch(reject);
    });
    return [...found].sort(([a], [b]) => a - b).flatMap(([, records]) => records);
  } finally {
    await admin.close();
  }
}

/** The records that carry the id of a decision. */
export const recordsAbout = async (decisionId: string, kafka: Kafka, topic: string): Promise<ConsumedRecord[]> =>
  (await readTopic(kafka, topic)).filter(({ value }) => value?.includes(decisionId));
