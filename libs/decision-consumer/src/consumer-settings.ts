import { type Kafka, type RecordProducer, type SchemaRegistry } from '@consent/kafka';
import { type Meter, type Tracer } from '@opentelemetry/api';
import { type DataSource } from 'typeorm';
import { type AnySystem } from './chunk/run-effects.js';
import { type ConsumerConfig } from './config.js';
import { type ConsumerLogger } from './stream/logger.js';
import { type PartitionReport } from './stream/positions.js';
import { type Word } from './stream/word.js';

export interface DecisionConsumerSettings {
  /** `anySystem(handler)`. */
  readonly system: AnySystem;
  /** Initialised and migrated. */
  readonly dataSource: DataSource;
  readonly kafka: Kafka;
  readonly registry: SchemaRegistry;
  readonly topicPrefix: string;
  readonly build: string;
  readonly config: ConsumerConfig;
  readonly logger: ConsumerLogger;
  readonly meter: Meter;
  readonly tracer: Tracer;
  /** Nothing is consumed any more and nothing will be: exit. */
  readonly onCrash: (error: unknown) => void;
  /** Sends acknowledgements and dead letters; made from `kafka` when absent. */
  readonly producer?: RecordProducer;
}

/** What operators see at GET /v1/consumer. */
export interface ConsumerReport {
  systemId: string;
  word: Word;
  /** What is wrong, when something is. */
  detail: string | null;
  /** That this build has a rule for. */
  purposes: readonly string[];
  lag: number;
  parked: number;
  unconfirmedAcknowledgements: number;
  live: PartitionReport[];
  replays: PartitionReport[];
}
