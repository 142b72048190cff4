import kafkajs, { type Consumer, type EachBatchPayload, type Kafka } from 'kafkajs';
import { type ConsumedRecord, consumedRecord } from './consumed-record.js';

export interface TopicPartition {
  topic: string;
  partition: number;
}

/** `offset` is the next one to read. */
export interface PartitionOffset extends TopicPartition {
  offset: number;
}

/** Records of one partition, in order. Batches of different partitions are handed over concurrently. */
export interface RecordBatch extends TopicPartition {
  records: readonly ConsumedRecord[];
  /** Offset that the next record appended to the partition gets. */
  highWatermark: number;
  /** False once the consumer is stopping: finish what is begun, begin nothing. */
  isRunning(): boolean;
  /** True once the partition has been sought elsewhere or taken away: the rest of the batch must not be used. */
  isStale(): boolean;
}

export interface ConsumerSettings {
  groupId: string;
  topics: readonly string[];
  /**
   * Handles a batch. Resolving moves on behind it, unless it has become stale; resolving with a number moves on to that
   * offset. The wrapper keeps the membership alive meanwhile. Throwing is a crash.
   */
  onBatch: (batch: RecordBatch) => Promise<number | void>;
  /** Called on each assignment, with all partitions now held; no batch is handed over before it resolves. May seek. */
  onAssigned?: (partitions: readonly TopicPartition[]) => void | Promise<void>;
  /** Called when stopping, after the last batch and before the group is left: the moment for a last commit. */
  onStopping?: () => Promise<void>;
  /** The consumer has ended for good, once: let the process exit. Failures that pass by themselves do not come here. */
  onCrash: (error: Error) => void;
  /**
   * How long the broker holds an empty fetch; records that arrive end it at once. Also the longest wait after `resume`
   * and on `stop`. Default 1,000: an empty fetch of 12 partitions costs the broker 1 to 2 ms.
   */
  maxWaitTimeInMs?: number;
  /** Default 1 MiB. */
  maxBytesPerPartition?: number;
  /** The group gives the partitions away after this long without a sign of life. Default 10,000, the broker's least 6,000. */
  sessionTimeoutMs?: number;
}

export interface RunningConsumer {
  /** Partitions held at present. */
  assigned(): readonly TopicPartition[];
  commitOffsets(offsets: readonly PartitionOffset[]): Promise<void>;
  seek(to: PartitionOffset): void;
  pause(partitions: readonly TopicPartition[]): void;
  resume(partitions: readonly TopicPartition[]): void;
  /** Finishes the batches in hand, calls `onStopping`, leaves the group. */
  stop(): Promise<void>;
}

/**
 * Consumes whole batches with raw keys, values and headers; commits nothing by itself. A group without an offset starts
 * at the beginning, never at the end. Brokers that go away are waited for; an error that no retry mends, or one that
 * `onBatch` or `onAssigned` throws, is a crash.
 */
export async function runConsumer(kafka: Kafka, settings: ConsumerSettings): Promise<RunningConsumer> {
  const sessionTimeout = settings.sessionTimeoutMs ?? 10_000;
  const heartbeatInterval = Math.floor(sessionTimeout / 4);
  const consumer = kafka.consumer({
    groupId: settings.groupId,
    sessionTimeout,
    heartbeatInterval,
    rebalanceTimeout: 30_000,
    maxWaitTimeInMs: settings.maxWaitTimeInMs ?? 1_000,
    minBytes: 1,
    maxBytesPerPartition: settings.maxBytesPerPartition ?? 1_048_576,
    allowAutoTopicCreation: false,
    retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 5, restartOnFailure: async () => true },
  });
  const partitionsHeld = { now: [] as TopicPartition[], generation: 0 };
  const inHand = new Set<Promise<void>>();
  let ready: Promise<void> = Promise.resolve();
  let stopping: Promise<void> | null = null;
  let crashed = false;

  const crash = (error: unknown): void => {
    if (crashed) return;
    crashed = true;
    // Unresolved batches would be fetched again and again until the process is gone.
    inGroup(() => consumer.pause(settings.topics.map((topic) => ({ topic }))));
    settings.onCrash(error instanceof Error ? error : new Error(String(error)));
  };

  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    partitionsHeld.generation++;
    partitionsHeld.now = Object.entries(payload.memberAssignment).flatMap(([topic, partitions]) =>
      partitions.map((partition) => ({ topic, partition })),
    );
    const held = partitionsHeld.now;
    // Set synchronously, since kafkajs does not wait for its listeners: batches wait for it instead.
    ready = Promise.resolve()
      .then(() => settings.onAssigned?.(held))
      .catch(crash);
  });
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (!payload.restart) crash(payload.error);
  });

  async function handle(payload: EachBatchPayload): Promise<void> {
    const { topic, partition, messages, highWatermark } = payload.batch;
    await ready;
    const { generation } = partitionsHeld;
    const isStale = (): boolean => payload.isStale() || generation !== partitionsHeld.generation;
    if (crashed || stopping || isStale()) return;
    const next = await settings.onBatch({
      topic,
      partition,
      records: messages.map((message) => consumedRecord(topic, partition, message)),
      highWatermark: Number(highWatermark),
      isRunning: () => payload.isRunning() && stopping === null && !crashed,
      isStale,
    });
    if (isStale()) return;
    if (next === undefined) payload.resolveOffset(payload.batch.lastOffset());
    else if (next > Number(messages[0]?.offset)) payload.resolveOffset(String(next - 1));
  }

  await coordinatorIsThere(kafka, settings.groupId);
  await consumer.connect();
  await consumer.subscribe({ topics: [...settings.topics], fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachBatchAutoResolve: false,
    partitionsConsumedConcurrently: 12 * settings.topics.length,
    eachBatch: async (payload) => {
      const work = handle(payload).catch(crash);
      inHand.add(work);
      try {
        await beatUntil(work, payload, heartbeatInterval);
      } finally {
        inHand.delete(work);
      }
    },
  });

  return {
    assigned: () => partitionsHeld.now,
    commitOffsets: (offsets) =>
      consumer.commitOffsets(
        offsets.map(({ topic, partition, offset }) => ({ topic, partition, offset: String(offset) })),
      ),
    seek: ({ topic, partition, offset }) => inGroup(() => consumer.seek({ topic, partition, offset: String(offset) })),
    pause: (partitions) => inGroup(() => consumer.pause(byTopic(partitions))),
    resume: (partitions) => inGroup(() => consumer.resume(byTopic(partitions))),
    stop: () => (stopping ??= stopConsumer(consumer, settings, inHand)),
  };
}

/**
 * Between a failure that passes and its restart kafkajs has no group, and refuses. Nothing is fetched then, and the
 * assignment that follows starts every partition anew: what was asked for has no object.
 */
function inGroup(act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof kafkajs.KafkaJSNonRetriableError && error.message.includes('not initialized'))) throw error;
  }
}

async function stopConsumer(consumer: Consumer, settings: ConsumerSettings, inHand: Set<Promise<void>>): Promise<void> {
  inGroup(() => consumer.pause(settings.topics.map((topic) => ({ topic }))));
  await Promise.all(inHand);
  try {
    await settings.onStopping?.();
  } finally {
    await consumer.disconnect();
  }
}

/**
 * Waits for `work` while telling the group that this member lives. An error of a heartbeat (a rebalance, mostly) is left
 * to the one that kafkajs sends after the batch, so that the batch is finished first.
 */
async function beatUntil(work: Promise<void>, payload: EachBatchPayload, everyMs: number): Promise<void> {
  const timer = setInterval(() => void payload.heartbeat().catch(() => undefined), everyMs);
  try {
    await work;
  } finally {
    clearInterval(timer);
  }
}

function byTopic(partitions: readonly TopicPartition[]): { topic: string; partitions: number[] }[] {
  return [...Map.groupBy(partitions, ({ topic }) => topic)].map(([topic, held]) => ({
    topic,
    partitions: held.map(({ partition }) => partition),
  }));
}

const COORDINATOR_ATTEMPTS = 120;

/** A new broker creates its offsets topic when the first group asks for it; kafkajs gives up before that is done. */
async function coordinatorIsThere(kafka: Kafka, groupId: string): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    for (let attempt = 1; ; attempt++)
      try {
        return void (await admin.describeGroups([groupId]));
      } catch (error) {
        if (attempt === COORDINATOR_ATTEMPTS) throw error;
        await new Promise((resolve) => setTimeout(resolve, 250));
      }
  } finally {
    await admin.disconnect();
  }
}
