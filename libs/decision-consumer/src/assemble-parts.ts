import { decisionFormat, HEADERS, topics } from '@consent/events';
import { createProducer, headerText, RecordReader, type RecordProducer } from '@consent/kafka';
import { withTransaction } from '@consent/postgres';
import { type Applied } from './chunk/apply-chunk.js';
import { Breaker } from './chunk/breaker.js';
import { type DecisionReader } from './chunk/read-records.js';
import { type ChunkRunner } from './chunk/run-chunk.js';
import { type DecisionConsumerSettings } from './consumer-settings.js';
import { type ConsumerMetrics, consumerMetrics } from './observe/metrics.js';
import { ParkedDesk } from './parked/parked-desk.js';
import { Acknowledger } from './stream/acknowledger.js';
import { DecisionStream } from './stream/decision-stream.js';
import { LazyAdmin } from './stream/lazy-admin.js';
import { StallWatch } from './stream/stall-watch.js';
import { type DecisionStreamSettings } from './stream/stream-settings.js';
import { Turn } from './stream/turn.js';

export type Streams = readonly [live: DecisionStream, replays: DecisionStream];

/** What a consumer is made of. */
export interface ConsumerParts {
  readonly producer: RecordProducer;
  readonly admin: LazyAdmin;
  readonly reader: DecisionReader;
  readonly runner: ChunkRunner;
  /** Chunks and what operators ask for run one after the other. */
  readonly turn: Turn;
  readonly acknowledger: Acknowledger;
  readonly desk: ParkedDesk;
  readonly streams: Streams;
  readonly watch: StallWatch;
}

/** What the parts tell the consumer. */
export interface Told {
  readonly stopped: AbortSignal;
  readonly onApplied: (applied: Applied) => void;
  readonly onFailed: (error: unknown) => void;
  readonly onClosingFailed: () => void;
}

export function assembleParts(settings: DecisionConsumerSettings, told: Told): ConsumerParts {
  const { system, dataSource, kafka, registry, topicPrefix, build, config, logger, meter } = settings;
  const { systemId } = system;
  const names = topics(topicPrefix);
  const producer = settings.producer ?? createProducer(kafka);
  const admin = new LazyAdmin(kafka);
  const reader = new RecordReader(decisionFormat(), registry);
  const turn = new Turn();
  const acknowledgements = { producer, registry, topic: names.acknowledgements(systemId), systemId, build };
  const metrics = consumerMetrics(meter, {
    parked: () => desk.count,
    acknowledgements: () => acknowledger.depth,
    lag: () => lagOf(streams),
  });
  const runner = runnerOf(settings, metrics, told);
  const acknowledger = new Acknowledger({
    ...acknowledgements,
    parkedRecords: () => desk.counted,
    limit: config.ACKNOWLEDGEMENT_LIMIT,
    stopped: told.stopped,
    onRecovered: (offsets) => {
      for (const stream of streams)
        stream.seekBack(
          offsets.filter(({ topic }) => topic === stream.topic),
          'unacknowledged',
        );
    },
    onFailed: (error) => logger.warn({ err: error }, 'Acknowledgements are not taken; applying goes on'),
  });
  const desk = new ParkedDesk({
    ...acknowledgements,
    saidSoFar: (): Promise<void> => acknowledger.soFar(),
    dataSource,
    deadLetters: names.deadLetters,
    onFailed: (error) => logger.warn({ err: error }, 'Parked records are not settled yet'),
    onRefused: (parkedId, error) =>
      logger.error(
        { parkedId, err: error },
        'The dead-letter topic takes no copy of a parked record: its row is the only one',
      ),
  });
  const streams = streamsOf(settings, {
    reader,
    runner,
    turn,
    acknowledger,
    metrics,
    admin: () => admin.get(),
    ...told,
  });
  const watch = new StallWatch({ streams, admin: () => admin.get(), limitMs: config.STALL_SECONDS * 1_000 });
  return { producer, admin, reader, runner, turn, acknowledger, desk, streams, watch };
}

/** Records not applied yet. */
export const lagOf = (streams: Streams): number => streams.reduce((sum, { positions }) => sum + positions.lag(), 0);

function runnerOf(settings: DecisionConsumerSettings, metrics: ConsumerMetrics, told: Told): ChunkRunner {
  const { system, dataSource, config, logger } = settings;
  return {
    system,
    breaker: new Breaker(config.PARK_LIMIT_PER_MINUTE),
    transact: (work, rows) => withTransaction(dataSource, work, rows === undefined ? {} : { rows }),
    stopped: told.stopped,
    now: Date.now,
    onRetry: (error) => {
      logger.warn({ err: error }, 'A chunk is tried again');
      metrics.retried();
    },
    onClosingFailed: (error) => {
      logger.error({ err: error }, 'A parked decision could not be closed: the system may act on an old grant');
      metrics.closingFailed();
      told.onClosingFailed();
    },
  };
}

type SharedByStreams = Pick<
  DecisionStreamSettings,
  'reader' | 'runner' | 'turn' | 'acknowledger' | 'metrics' | 'admin' | 'onApplied' | 'onFailed'
>;

function streamsOf(settings: DecisionConsumerSettings, shared: SharedByStreams): Streams {
  const { system, kafka, topicPrefix, config, logger, tracer } = settings;
  const names = topics(topicPrefix);
  const groupId = `${topicPrefix}${system.systemId}`;
  const both = { ...shared, kafka, logger, tracer, chunkRecords: config.CHUNK_RECORDS, paceMs: config.GATHER_MS };
  return [
    new DecisionStream({
      ...both,
      name: 'live',
      groupId,
      topic: names.decisions,
      isForUs: () => true,
    }),
    new DecisionStream({
      ...both,
      name: 'replays',
      groupId: `${groupId}.replays`,
      topic: names.replays,
      isForUs: (record) => headerText(record, HEADERS.targetSystem) === system.systemId,
    }),
  ];
}
