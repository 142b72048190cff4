import { randomUUID } from 'node:crypto';
import { metrics } from '@opentelemetry/api';
import { type ConsentDecision, decisionFormat, HEARTBEAT_PURPOSE, PARTITIONS } from '@consent/events';
import {
  type ConsumedRecord,
  createProducer,
  headerText,
  type OutgoingRecord,
  RecordReader,
  type RecordProducer,
  runConsumer,
} from '@consent/kafka';
import { testTopics, until } from '@consent/testing';
import { ledgerRowToDecision } from '../ledger/index.js';
import { type RelayConfig } from './config.js';
import { HEARTBEAT_SUBJECTS } from './heartbeats.js';
import { Relay } from './relay.js';
import { RelayMetrics } from './relay-metrics.js';
import { specOutbox } from './spec-outbox.js';

export interface Published {
  record: ConsumedRecord;
  decision: ConsentDecision;
  header: (name: string) => string | undefined;
}

export const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);

/** A database, topics and everything read from them; relays that are stopped afterwards. */
export async function specRelay() {
  const [outbox, on] = await Promise.all([specOutbox(), testTopics()]);
  const published: Published[] = [];
  const relays: Relay[] = [];
  const reader = new RecordReader(decisionFormat(), on.registry);
  const consumer = await runConsumer(on.kafka, {
    groupId: `spec-${randomUUID()}`,
    topics: [on.topics.decisions, on.topics.replays],
    onBatch: async ({ records }) => {
      for (const record of records)
        published.push({
          record,
          decision: await reader.decode(record.value),
          header: (name) => headerText(record, name),
        });
    },
    onCrash: (error) => {
      throw error;
    },
  });

  /** Of a subject, in the order in which they were published. */
  const versionsOf = (subjectId: string): number[] =>
    published.filter(({ decision }) => decision.subjectId === subjectId).map(({ decision }) => decision.version);

  return {
    outbox,
    on,
    versionsOf,
    /** Versions of a subject in the order of their first publication. */
    firstSeen: (subjectId: string): number[] => [...new Set(versionsOf(subjectId))],
    emptied: () => until('an empty outbox', async () => (await outbox.waiting()) === 0, { timeoutMs: 20_000 }),
    /** All records but heartbeats, in the order of each partition. */
    decisions: (): Published[] => published.filter(({ decision }) => decision.purposeId !== HEARTBEAT_PURPOSE),
    heartbeats: (): Published[] => published.filter(({ decision }) => decision.purposeId === HEARTBEAT_PURPOSE),
    /**
     * Until `partitions` have had four more heartbeats each. With each the relay asks which transactions are over, so
     * that whatever it had read before lies below its scan floor by then, unless something holds the floor.
     */
    async beats(partitions: readonly number[] = Array.from({ length: PARTITIONS }, (_, i) => i)): Promise<void> {
      const before = published.length;
      const versions = (partition: number): Set<number> => {
        const since = published.slice(before).map(({ decision }) => decision);
        return new Set(since.flatMap((one) => (one.subjectId === HEARTBEAT_SUBJECTS[partition] ? [one.version] : [])));
      };
      await until('heartbeats', () => partitions.every((partition) => versions(partition).size >= 4));
    },
    async start({
      producer = createProducer(on.kafka, { retries: 1 }),
      ...config
    }: Partial<RelayConfig> & { producer?: RecordProducer } = {}): Promise<Relay> {
      const relay = new Relay({
        databaseUrl: outbox.url,
        topics: on.topics,
        registry: on.registry,
        producer,
        toDecision: ledgerRowToDecision,
        config: {
          RELAY_PORTION_ROWS: 500,
          RELAY_LINGER_MS: 5,
          RELAY_BULK_PER_SECOND: 1_000,
          RELAY_HEARTBEAT_MS: 60_000,
          ...config,
        },
        metrics: (leads) =>
          new RelayMetrics({ meter: metrics.getMeter('spec'), readOutbox: () => Promise.resolve([]), leads }),
        logger: {
          debug: () => undefined,
          info: () => undefined,
          warn: () => undefined,
          error: () => undefined,
        },
      });
      relays.push(relay);
      await relay.start();
      return relay;
    },
    /** A real producer whose sends `around` may delay, fail or follow. */
    producerWith(
      around: (send: () => Promise<void>, records: readonly OutgoingRecord[]) => Promise<void>,
    ): RecordProducer {
      const real = createProducer(on.kafka, { retries: 1 });
      return {
        rebuilds: 0,
        close: () => real.close(),
        send: (records) => around(() => real.send(records), records),
      };
    },
    async stopRelays(): Promise<void> {
      await Promise.all(relays.splice(0).map((relay) => relay.stop()));
    },
    async close(): Promise<void> {
      await Promise.all(relays.splice(0).map((relay) => relay.stop()));
      await consumer.stop();
      await on.drop();
      await outbox.drop();
    },
  };
}
export type SpecRelay = Awaited<ReturnType<typeof specRelay>>;
