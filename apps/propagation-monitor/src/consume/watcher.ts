import { acknowledgementFormat, decisionFormat, SYSTEMS, topics } from '@consent/events';
import {
  createKafka,
  createTopicAdmin,
  type Kafka,
  type PartitionOffset,
  type PartitionRange,
  type RecordBatch,
  RecordReader,
  RegistryError,
  runConsumer,
  type RunningConsumer,
  SchemaRegistry,
  type TopicAdmin,
  type TopicPartition,
} from '@consent/kafka';
import { isTransient, withTransaction } from '@consent/postgres';
import { type Logger } from '@consent/service-host';
import { type Tracer } from '@opentelemetry/api';
import { type DataSource } from 'typeorm';
import { type Config } from '../config.js';
import { type MonitorMetrics } from '../metrics.js';
import { DECISIONS, SERVICE } from '../names.js';
import { readCursors } from '../store/cursors.js';
import { CatchUp } from './catch-up.js';
import { foldBatch, type Readers } from './fold-batch.js';
import { Gatherer } from './gatherer.js';
import { onceBack } from './once-back.js';
import { ReadProgress } from './read-progress.js';
import { ReadTraces } from './read-traces.js';
import { Stall } from './stall.js';
import { withinTopic } from './within-topic.js';
import { portionWriter } from './write-portions.js';

/** How often the ends of the topics are looked at. */
export const LOOK_EVERY_MS = 5_000;
/** The same until the monitor has caught up: before that it can say nothing. */
const FIRST_LOOKS_EVERY_MS = 500;
/**
 * Bounds one fetch. Not smaller than the batches that relay and systems send: of batches beyond it the broker returns one
 * a fetch only.
 */
const MAX_BYTES_PER_PARTITION = 128 * 1_024;
const MAX_LOGGED_UNUSABLE = 20;

export interface WatcherSettings {
  config: Config;
  dataSource: DataSource;
  logger: Logger;
  metrics: MonitorMetrics;
  tracer: Tracer;
  /** Reading has ended for good: let the process exit. */
  onCrash: (error: Error) => void;
}

/** Reads the decisions and every system's acknowledgements, and stores what they say. */
export class Watcher {
  readonly progress = new ReadProgress();
  readonly stall = new Stall();
  readonly #settings: WatcherSettings;
  readonly #systemOf = new Map<string, string | null>();
  readonly #readers: Readers;
  readonly #gatherer: Gatherer;
  readonly #traces: ReadTraces;
  readonly #kafka: Kafka;
  readonly #catchUp = new CatchUp();
  /** The handle comes only after the first assignment, which waits for it. */
  #consumer: Promise<RunningConsumer> | null = null;
  #assigned: readonly TopicPartition[] = [];
  #admin: TopicAdmin | null = null;
  #looking: NodeJS.Timeout | null = null;
  #running = true;
  #unusableLogged = 0;

  constructor(settings: WatcherSettings) {
    this.#settings = settings;
    const { config, dataSource, logger, metrics } = settings;
    const names = topics(config.KAFKA_TOPIC_PREFIX);
    this.#systemOf.set(names.decisions, null);
    for (const system of SYSTEMS) this.#systemOf.set(names.acknowledgements(system), system);
    const registry = new SchemaRegistry({ url: config.SCHEMA_REGISTRY_URL });
    this.#readers = {
      decisions: new RecordReader(decisionFormat(), registry),
      acknowledgements: new RecordReader(acknowledgementFormat(), registry),
    };
    this.#traces = new ReadTraces(settings.tracer);
    this.#kafka = createKafka({ brokers: config.KAFKA_BROKERS, clientId: SERVICE, logger });
    const write = portionWriter({
      dataSource,
      logger,
      onSettled: (settled, tookMs) => metrics.stored(settled, tookMs),
      isRunning: () => this.#running,
      onWaiting: () => this.stall.progressed(),
    });
    this.#gatherer = new Gatherer({
      gatherMs: config.MONITOR_GATHER_MS,
      holdMs: config.MONITOR_HOLD_MS,
      write: async (portion, cursors) => {
        await this.#traces.stored(() => write(portion, cursors));
        this.progress.stored(cursors);
        this.stall.progressed();
      },
      onRead: (cursors) => this.progress.read(cursors),
      onFailure: (error) => this.#crash(error),
      afterRound: () => this.#chooseWhatToRead(),
      hurry: () => this.#catchUp.catchingUp,
    });
  }

  /** Topic of the decisions, or of a system's acknowledgements. */
  topicOf(system: string | null): string {
    const names = topics(this.#settings.config.KAFKA_TOPIC_PREFIX);
    return system === null ? names.decisions : names.acknowledgements(system);
  }

  /** Where the decisions end now. */
  async decisionEnds(): Promise<PartitionRange[]> {
    const topic = this.topicOf(null);
    return (await this.#ranges([topic])).get(topic) ?? [];
  }

  get assigned(): readonly TopicPartition[] {
    return this.#assigned;
  }

  async start(): Promise<void> {
    const { config } = this.#settings;
    this.#admin = await createTopicAdmin(this.#kafka);
    this.#consumer = runConsumer(this.#kafka, {
      groupId: `${config.KAFKA_TOPIC_PREFIX}${SERVICE}`,
      topics: [...this.#systemOf.keys()],
      maxBytesPerPartition: MAX_BYTES_PER_PARTITION,
      maxWaitTimeInMs: config.MONITOR_GATHER_MS,
      onAssigned: (partitions) => this.#goOnFromStore(partitions),
      onBatch: (batch) => this.#take(batch),
      onCrash: (error) => this.#crash(error),
    });
    await this.#consumer;
    await this.#lookOnAndOn();
  }

  /** Finishes the chunk in hand. */
  async stop(): Promise<void> {
    this.#running = false;
    if (this.#looking) clearTimeout(this.#looking);
    await (await this.#consumer)?.stop();
    await this.#gatherer.flush().catch(() => undefined);
    await this.#admin?.close();
  }

  /** Stopping while the database is away leaves what is in memory to the next start. */
  #crash(error: unknown): void {
    if (this.#running) this.#settings.onCrash(error instanceof Error ? error : new Error(String(error)));
  }

  /** The database says where reading goes on; a database restored to an older state reads again by itself. */
  async #goOnFromStore(partitions: readonly TopicPartition[]): Promise<void> {
    const cursors = await this.#storedCursors();
    const held = new Set(partitions.map(({ topic, partition }) => `${topic}/${partition}`));
    const mine = cursors.filter(({ topic, partition }) => held.has(`${topic}/${partition}`));
    const ranges = await this.#ranges([...new Set(mine.map(({ topic }) => topic))]);
    const within = mine.map((cursor) => withinTopic(cursor, ranges.get(cursor.topic) ?? [], this.#settings.logger));
    const consumer = await this.#consumer;
    for (const cursor of within) consumer?.seek(cursor);
    this.#assigned = partitions;
    this.progress.read(within);
    this.progress.stored(within);
  }

  /** The group may assign while the database is away: reading begins when it is back. */
  #storedCursors(): Promise<PartitionOffset[]> {
    return onceBack(
      () => withTransaction(this.#settings.dataSource, readCursors),
      (error) => {
        if (isTransient(error) && this.#running) this.stall.progressed();
        else throw error;
      },
    );
  }

  async #take(batch: RecordBatch): Promise<void> {
    const { topic, partition, records } = batch;
    const last = records.at(-1);
    if (last === undefined) return;
    const systemId = this.#systemOf.get(topic) ?? null;
    await this.#learnSchemas(batch, systemId);
    if (batch.isStale()) return;
    this.#traces.read(records);
    this.#catchUp.taken(topic, partition, batch.highWatermark - last.offset - 1);
    await this.#gatherer.add(
      (chunk) =>
        foldBatch(chunk, { records, systemId, now: Date.now() }, this.#readers, (record, why) => {
          this.#settings.metrics.unusable(systemId ?? DECISIONS);
          if (this.#unusableLogged++ < MAX_LOGGED_UNUSABLE)
            this.#settings.logger.error({ topic, partition, offset: record.offset, why }, 'A record was passed over');
        }),
      { topic, partition, offset: last.offset + 1 },
    );
  }

  async #chooseWhatToRead(): Promise<void> {
    const chosen = this.#catchUp.next();
    const consumer = await this.#consumer;
    if (chosen === null || !consumer || !this.#running) return;
    const isChosen = ({ partition }: TopicPartition): boolean => chosen.has(partition);
    consumer.resume(this.#assigned.filter(isChosen));
    consumer.pause(this.#assigned.filter((held) => !isChosen(held)));
  }

  #learnSchemas(batch: RecordBatch, systemId: string | null): Promise<void> {
    const reader = systemId === null ? this.#readers.decisions : this.#readers.acknowledgements;
    return onceBack(
      () => reader.prepare(batch.records.map(({ value }) => value)),
      (error) => {
        if (!(error instanceof RegistryError && error.retriable) || !batch.isRunning()) throw error;
        this.#settings.logger.warn({ err: error }, 'The schema registry is away; reading goes on when it is back');
      },
    );
  }

  async #lookOnAndOn(): Promise<void> {
    await this.#look();
    if (!this.#running) return;
    const inMs = this.progress.caughtUpAt === null ? FIRST_LOOKS_EVERY_MS : LOOK_EVERY_MS;
    this.#looking = setTimeout(() => void this.#lookOnAndOn(), inMs);
  }

  async #look(): Promise<void> {
    try {
      const now = Date.now();
      this.progress.look(await this.#ranges([...this.#systemOf.keys()]), now);
      this.stall.looked(this.progress.unread, now);
    } catch (error) {
      this.#settings.logger.warn({ err: error }, 'The ends of the topics could not be read');
    }
  }

  async #ranges(names: readonly string[]) {
    const admin = this.#admin;
    if (!admin) throw new Error('Not connected');
    return new Map(await Promise.all(names.map(async (name) => [name, await admin.partitionRanges(name)] as const)));
  }
}
