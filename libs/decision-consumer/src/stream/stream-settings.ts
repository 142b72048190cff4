import { type ConsumedRecord, type Kafka, type TopicAdmin } from '@consent/kafka';
import { type Tracer } from '@opentelemetry/api';
import { type Applied } from '../chunk/apply-chunk.js';
import { type DecisionReader } from '../chunk/read-records.js';
import { type ChunkRunner } from '../chunk/run-chunk.js';
import { type ConsumerMetrics } from '../observe/metrics.js';
import { type Acknowledger } from './acknowledger.js';
import { type ConsumerLogger } from './logger.js';
import { type Turn } from './turn.js';

export interface DecisionStreamSettings {
  /** `live` or `replays`; a metric label. */
  readonly name: string;
  readonly groupId: string;
  readonly topic: string;
  /** Records that are not for this system are passed over undecoded. */
  readonly isForUs: (record: ConsumedRecord) => boolean;
  readonly chunkRecords: number;
  readonly paceMs: number;
  readonly kafka: Kafka;
  readonly admin: () => Promise<TopicAdmin>;
  readonly reader: DecisionReader;
  readonly runner: ChunkRunner;
  readonly turn: Turn;
  readonly acknowledger: Acknowledger;
  readonly metrics: ConsumerMetrics;
  readonly tracer: Tracer;
  readonly logger: ConsumerLogger;
  readonly onApplied: (applied: Applied) => void;
  /** Nothing is applied any more; the process decides. */
  readonly onFailed: (error: unknown) => void;
}
