import { randomUUID } from 'node:crypto';
import {
  acknowledgementFormat,
  type ConsentDecision,
  ConsentDecisionSchema,
  decisionFormat,
  HEADERS,
  type PropagationAcknowledgement,
} from '@consent/events';
import {
  type ConsumedRecord,
  createKafka,
  createProducer,
  type Kafka,
  RecordReader,
  type RecordProducer,
  registrySubjectOf,
  runConsumer,
  type SchemaRegistry,
} from '@consent/kafka';
import { createDataSource } from '@consent/postgres';
import { type TestTopics } from '@consent/testing';
import { metrics, trace } from '@opentelemetry/api';
import { type DataSource } from 'typeorm';
import { anySystem } from '../chunk/run-effects.js';
import { type ConsumerConfig, consumerConfig } from '../config.js';
import { DecisionConsumer } from '../decision-consumer.js';
import { club, CLUB } from './club.js';

/** A club that consumes, as a process would. */
export interface RunningClub {
  consumer: DecisionConsumer;
  /** What it logged at warn and above. */
  logged: string[];
  crashed: unknown[];
  stop(): Promise<void>;
}

export async function runClub(
  topics: TestTopics,
  databaseUrl: string,
  {
    config = {},
    producer,
    registry = topics.registry,
    kafka = createKafka({ brokers: topics.brokers, clientId: CLUB }),
  }: { config?: Partial<ConsumerConfig>; producer?: RecordProducer; registry?: SchemaRegistry; kafka?: Kafka } = {},
): Promise<RunningClub> {
  const dataSource: DataSource = createDataSource({ url: databaseUrl, applicationName: 'club', poolSize: 4 });
  await dataSource.initialize();
  const logged: string[] = [];
  const crashed: unknown[] = [];
  const note = (_details: object, message: string): void => void logged.push(message);
  const consumer = new DecisionConsumer({
    system: anySystem(club),
    dataSource,
    kafka,
    registry,
    topicPrefix: topics.prefix,
    build: 'spec',
    config: { ...consumerConfig.parse({}), GATHER_MS: 5, ...config },
    logger: { debug: () => undefined, info: () => undefined, warn: note, error: note },
    meter: metrics.getMeter('spec'),
    tracer: trace.getTracer('spec'),
    onCrash: (error) => crashed.push(error),
    ...(producer ? { producer } : {}),
  });
  await consumer.start();
  return {
    consumer,
    logged,
    crashed,
    async stop() {
      await consumer.stop();
      await dataSource.destroy();
    },
  };
}

export interface Wire {
  /** Publishes decisions to the live topic, those in pairs with these headers besides. */
  publish(
    ...decisions: readonly (ConsentDecision | readonly [ConsentDecision, Record<string, string>])[]
  ): Promise<void>;
  replay(decision: ConsentDecision, headers: Record<string, string>): Promise<void>;
  raw(key: string, value: Buffer): Promise<void>;
  /** All acknowledgements of the club so far, in order of arrival. */
  acknowledgements: PropagationAcknowledgement[];
  acknowledgementHeaders: ConsumedRecord['headers'][];
  deadLetters: ConsumedRecord[];
  close(): Promise<void>;
}

/** Both ends of the club's topics. */
export async function wire(topics: TestTopics): Promise<Wire> {
  const names = topics.topics;
  const producer = createProducer(topics.kafka);
  const schemaId = await topics.registry.idOf(registrySubjectOf(names.decisions), ConsentDecisionSchema);
  const format = decisionFormat();
  const reader = new RecordReader(acknowledgementFormat(), topics.registry);
  const acknowledgements: PropagationAcknowledgement[] = [];
  const acknowledgementHeaders: ConsumedRecord['headers'][] = [];
  const deadLetters: ConsumedRecord[] = [];
  const listening = await runConsumer(topics.kafka, {
    groupId: `${topics.prefix}listener-${randomUUID()}`,
    topics: [names.acknowledgements(CLUB), names.deadLetters],
    onBatch: async ({ topic, records }) => {
      for (const record of records) {
        if (topic === names.deadLetters) deadLetters.push(record);
        else {
          acknowledgements.push(await reader.decode(record.value));
          acknowledgementHeaders.push(record.headers);
        }
      }
    },
    onCrash: (error) => {
      throw error;
    },
  });
  const send = (topic: string, decision: ConsentDecision, headers: Record<string, string>) => ({
    topic,
    key: decision.subjectId,
    value: format.encode(schemaId, decision),
    headers,
  });
  return {
    publish: (...decisions) =>
      producer.send(
        decisions.map((given) => {
          const [d, headers] = 'decisionId' in given ? [given, {}] : given;
          const traceparent = `00-${d.decisionId.replaceAll('-', '')}-00f067aa0ba902b7-01`;
          return send(names.decisions, d, { [HEADERS.traceparent]: traceparent, ...headers });
        }),
      ),
    replay: (decision, headers) => producer.send([send(names.replays, decision, headers)]),
    raw: (key, value) => producer.send([{ topic: names.decisions, key, value }]),
    acknowledgements,
    acknowledgementHeaders,
    deadLetters,
    async close() {
      await listening.stop();
      await producer.close();
    },
  };
}
