import kafkajs, { type ICustomPartitioner, type Kafka, type Producer } from 'kafkajs';
import { KafkaSendError, needsNewProducer } from './send-error.js';
import { partitionOf } from './partition-of.js';
import { maxRecordBytes } from './record-limits.js';
import { bytesOf, groupByTopic, type OutgoingRecord, SendQueue } from './send-queue.js';

export interface RecordProducer {
  /**
   * Resolves when the broker has confirmed every record (acks=all). Records of one call, and of calls made one after the
   * other, keep their order within a partition. Calls made while a request is in flight share the next one.
   * @throws KafkaSendError: some of the records may have arrived all the same
   */
  send(records: readonly OutgoingRecord[]): Promise<void>;
  /** How often a producer was replaced after an error that it could not recover from. */
  readonly rebuilds: number;
  /** Waits for what was given to `send`, then disconnects. */
  close(): Promise<void>;
}

export interface ProducerSettings {
  /** Waits this long for more records before a request goes out. Default 0: the request in flight is the only wait. */
  lingerMs?: number;
  /** How often kafkajs itself repeats a request, over 100 ms to 2 s, before the call fails. Default 5, at least 1. */
  retries?: number;
  /** Called when a producer is replaced, with the reason. */
  onRebuild?: (reason: unknown) => void;
  /** Makes the kafkajs producer; tests give one that fails. */
  connect?: () => Promise<Pick<Producer, 'sendBatch' | 'disconnect'>>;
}

const ATTEMPTS = 3;

/**
 * An idempotent producer with one request in flight. After *any* failed send the kafkajs producer is thrown away: it has
 * taken its sequence numbers back although the broker may hold the records, and would hand the same numbers to other
 * records, which the broker then takes for duplicates and drops. Errors that only a new producer mends (sequence,
 * unknown producer id) are sent again through one; all others are the caller's to retry.
 */
export function createProducer(
  kafka: Kafka,
  { lingerMs = 0, retries = 5, onRebuild, connect = () => connectTo(kafka, retries) }: ProducerSettings = {},
): RecordProducer {
  const queue = new SendQueue();
  let current: Promise<Pick<Producer, 'sendBatch' | 'disconnect'>> | null = null;
  let rebuilds = 0;
  let draining: Promise<void> | null = null;
  let closed = false;

  async function drain(): Promise<void> {
    if (lingerMs > 0) await new Promise((resolve) => setTimeout(resolve, lingerMs));
    else await Promise.resolve();
    for (let request = queue.next(); request !== null; request = queue.next()) {
      try {
        await sendOnce(request.records);
        request.succeed();
      } catch (error) {
        request.fail(error);
      }
    }
    // At once: a caller that has just been answered may send again before a promise callback would run.
    draining = null;
  }

  async function sendOnce(records: readonly OutgoingRecord[]): Promise<void> {
    const topicMessages = groupByTopic(records);
    for (let attempt = 1; ; attempt++) {
      try {
        current ??= connect();
        await (await current).sendBatch({ acks: -1, timeout: 10_000, topicMessages });
        return;
      } catch (error) {
        const broken = current;
        current = null;
        void broken?.then((producer) => producer.disconnect()).catch(() => undefined);
        if (!needsNewProducer(error) || attempt === ATTEMPTS)
          throw new KafkaSendError('NOT_CONFIRMED', `The broker did not confirm ${records.length} records`, error);
        rebuilds++;
        onRebuild?.(error);
      }
    }
  }

  return {
    get rebuilds() {
      return rebuilds;
    },
    send(records) {
      if (closed) return Promise.reject(new KafkaSendError('CLOSED', 'The producer has been closed'));
      const tooLarge = records.find((record) => bytesOf(record) > maxRecordBytes(record.topic));
      if (tooLarge)
        return Promise.reject(
          new KafkaSendError(
            'RECORD_TOO_LARGE',
            `A record for ${tooLarge.topic} has ${bytesOf(tooLarge)} bytes, at most ${maxRecordBytes(tooLarge.topic)} fit`,
          ),
        );
      if (records.length === 0) return Promise.resolve();
      const confirmed = queue.add(records);
      draining ??= drain();
      return confirmed;
    },
    async close() {
      closed = true;
      await draining;
      const producer = await current?.catch(() => undefined);
      current = null;
      await producer?.disconnect();
    },
  };
}

async function connectTo(kafka: Kafka, retries: number): Promise<Producer> {
  const producer = kafka.producer({
    idempotent: true,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
    createPartitioner,
    retry: { retries },
  });
  await producer.connect();
  return producer;
}

/** Chooses as Partitioners.DefaultPartitioner does (a test compares), at a tenth of its cost for records with a key. */
const createPartitioner: ICustomPartitioner = () => {
  const withoutKey = kafkajs.Partitioners.DefaultPartitioner();
  return (args) => {
    const { partition, key } = args.message;
    if (partition !== undefined) return partition;
    if (key === null || key === undefined) return withoutKey(args);
    return partitionOf(key, args.partitionMetadata.length);
  };
};
