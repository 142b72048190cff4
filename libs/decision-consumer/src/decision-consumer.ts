import { decisionFormat, HEADERS, PropagationAcknowledgementSchema, topics } from '@consent/events';
import {
  createProducer,
  createTopicAdmin,
  headerText,
  RecordReader,
  type RecordProducer,
  RegistryError,
  registrySubjectOf,
  type TopicAdmin,
} from '@consent/kafka';
import { withTransaction } from '@consent/postgres';
import { type Applied } from './chunk/apply-chunk.js';
import { Breaker, BreakerOpenError } from './chunk/breaker.js';
import { type DecisionReader } from './chunk/read-records.js';
import { type ChunkRunner } from './chunk/run-chunk.js';
import { type ConsumerReport, type DecisionConsumerSettings } from './consumer-settings.js';
import { consumerMetrics } from './observe/metrics.js';
import { type Discarded, discardUnreadable } from './parked/discard-unreadable.js';
import { ParkedDesk } from './parked/parked-desk.js';
import { type Released, releaseParked } from './parked/release-parked.js';
import { Acknowledger } from './stream/acknowledger.js';
import { DecisionStream } from './stream/decision-stream.js';
import { StallWatch } from './stream/stall-watch.js';
import { Turn } from './stream/turn.js';
import { type Word, wordOf } from './stream/word.js';

const GIVE_UP_CHUNK_MS = 10_000;

/** Consumes decisions for one system: the live topic and its replays, parked records, acknowledgements. Knows no Nest. */
export class DecisionConsumer {
  readonly #settings: DecisionConsumerSettings;
  readonly #producer: RecordProducer;
  readonly #runner: ChunkRunner;
  readonly #reader: DecisionReader;
  readonly #turn = new Turn();
  readonly #acknowledger: Acknowledger;
  readonly #streams: readonly [live: DecisionStream, replays: DecisionStream];
  readonly #desk: ParkedDesk;
  readonly #watch: StallWatch;
  readonly #stopped = new AbortController();
  #admin: Promise<TopicAdmin> | null = null;
  #started = false;
  #stopping: Promise<void> | null = null;
  #crash: unknown = null;
  #breakerOpen: BreakerOpenError | null = null;
  #closingFailed = false;

  constructor(settings: DecisionConsumerSettings) {
    this.#settings = settings;
    const { system, dataSource, kafka, registry, topicPrefix, build, config, logger, meter, tracer } = settings;
    const names = topics(topicPrefix);
    const { systemId } = system;
    const metrics = consumerMetrics(meter, {
      parked: () => this.#desk.count,
      acknowledgements: () => this.#acknowledger.depth,
      lag: () => this.#lag(),
    });
    this.#producer = settings.producer ?? createProducer(kafka);
    this.#reader = new RecordReader(decisionFormat(), registry);
    this.#runner = {
      system,
      breaker: new Breaker(config.PARK_LIMIT_PER_MINUTE),
      transact: (work) => withTransaction(dataSource, work),
      stopped: this.#stopped.signal,
      now: Date.now,
      onRetry: (error) => {
        logger.warn({ err: error }, 'A chunk is tried again');
        metrics.retried(systemId);
      },
      onClosingFailed: (error) => {
        logger.error({ err: error }, 'A parked decision could not be closed: the system may act on an old grant');
        this.#closingFailed = true;
        metrics.closingFailed();
      },
    };
    const acknowledgements = { registry, topic: names.acknowledgements(systemId), systemId, build };
    this.#acknowledger = new Acknowledger({
      ...acknowledgements,
      producer: this.#producer,
      limit: config.ACKNOWLEDGEMENT_LIMIT,
      stopped: this.#stopped.signal,
      onRecovered: (offsets) => {
        for (const stream of this.#streams)
          stream.seekBack(
            offsets.filter(({ topic }) => topic === stream.topic),
            'unacknowledged',
          );
      },
      onFailed: (error) => logger.warn({ err: error }, 'Acknowledgements are not taken; applying goes on'),
    });
    this.#desk = new ParkedDesk({
      ...acknowledgements,
      dataSource,
      producer: this.#producer,
      deadLetters: names.deadLetters,
      onFailed: (error) => logger.warn({ err: error }, 'Parked records are not settled yet'),
    });
    const shared = {
      chunkRecords: config.CHUNK_RECORDS,
      paceMs: config.GATHER_MS,
      kafka,
      admin: () => this.#getAdmin(),
      reader: this.#reader,
      runner: this.#runner,
      turn: this.#turn,
      acknowledger: this.#acknowledger,
      metrics,
      tracer,
      logger,
      onApplied: (applied: Applied) => this.#onApplied(applied),
      onFailed: (error: unknown) => this.#onFailed(error),
    };
    const group = `${topicPrefix}${systemId}`;
    this.#streams = [
      new DecisionStream({
        ...shared,
        name: 'live',
        groupId: group,
        topic: names.decisions,
        maxWaitMs: 250,
        isForUs: () => true,
      }),
      new DecisionStream({
        ...shared,
        name: 'replays',
        groupId: `${group}.replays`,
        topic: names.replays,
        // Rare: a longer wait costs nothing but the time to stop.
        maxWaitMs: 1_000,
        isForUs: (record) => headerText(record, HEADERS.targetSystem) === systemId,
      }),
    ];
    this.#watch = new StallWatch({
      streams: this.#streams,
      admin: () => this.#getAdmin(),
      limitMs: config.STALL_SECONDS * 1_000,
    });
  }

  /** @throws RegistryError NOT_FOUND when the deploy job has not registered the schemas */
  async start(): Promise<void> {
    const { registry, topicPrefix, system, logger } = this.#settings;
    const topic = topics(topicPrefix).acknowledgements(system.systemId);
    try {
      await registry.idOf(registrySubjectOf(topic), PropagationAcknowledgementSchema);
    } catch (error) {
      if (!(error instanceof RegistryError && error.retriable)) throw error;
      logger.warn({ err: error }, 'The schema registry is away; acknowledgements wait for it');
    }
    this.#desk.start();
    for (const stream of this.#streams) await stream.start();
    this.#watch.start();
    this.#started = true;
  }

  /** Finishes the chunk in hand; one that cannot be finished is given up after ten seconds and read again later. */
  stop(): Promise<void> {
    return (this.#stopping ??= this.#stop());
  }

  async #stop(): Promise<void> {
    this.#watch.stop();
    const giveUp = setTimeout(() => this.#stopped.abort(), GIVE_UP_CHUNK_MS);
    await Promise.all(this.#streams.map((stream) => stream.stop()));
    clearTimeout(giveUp);
    this.#stopped.abort();
    await this.#desk.stop();
    await this.#producer.close();
    await (await this.#admin)?.close();
  }

  /** Applies parked records again, with those of the same triple. */
  release(ids: readonly string[]): Promise<Released[]> {
    // Released on purpose, one knows that they may fail again: the breaker is for what nobody asked for.
    const runner = { ...this.#runner, breaker: new Breaker(Number.MAX_SAFE_INTEGER) };
    return this.#turn.take(async () => {
      const { released } = await releaseParked(ids, this.#settings.dataSource, this.#reader, runner);
      this.#desk.settle();
      return released;
    });
  }

  /** Sets an unreadable record aside, and releases what waited for it. */
  async discard(id: string): Promise<Discarded> {
    const discarded = await this.#turn.take(() => this.#runner.transact((tx) => discardUnreadable(tx, id)));
    if (discarded.kind !== 'discarded') return discarded;
    if (discarded.waiting.length > 0) await this.release(discarded.waiting);
    this.#desk.settle();
    return discarded;
  }

  report(): ConsumerReport {
    const [live, replays] = this.#streams;
    return {
      systemId: this.#settings.system.systemId,
      word: this.word,
      detail: this.#detail(),
      lag: this.#lag(),
      parked: this.#desk.count,
      unconfirmedAcknowledgements: this.#acknowledger.depth,
      live: live.positions.report(),
      replays: replays.positions.report(),
    };
  }

  get word(): Word {
    return wordOf({
      started: this.#started,
      crashed: this.#crash !== null,
      breakerOpen: this.#breakerOpen !== null,
      stalled: this.#watch.finding !== null,
      seekingBack: this.#streams.some(({ positions }) => positions.seekingBack),
      acknowledgementsBehind: this.#acknowledger.behind,
    });
  }

  /** Records are known to wait and nothing moves: a restart may help. */
  get stuck(): boolean {
    return this.#crash !== null || this.#watch.finding?.recordsWait === true;
  }

  /** A parked record whose triple could not be closed, until nothing is parked any more. */
  get closingFailed(): boolean {
    return this.#closingFailed && this.#desk.count > 0;
  }

  #lag(): number {
    return this.#streams.reduce((sum, { positions }) => sum + positions.lag(), 0);
  }

  #detail(): string | null {
    if (this.#crash !== null) return this.#crash instanceof Error ? this.#crash.message : 'crashed';
    if (this.#breakerOpen !== null) return this.#breakerOpen.message;
    if (this.closingFailed) return 'a parked decision could not be closed: the system may act on an old grant';
    return this.#watch.finding?.detail ?? null;
  }

  #onApplied(applied: Applied): void {
    if (applied.parked > 0 || applied.resolved > 0) this.#desk.settle();
    if (applied.conflicts > 0)
      this.#settings.logger.error({ conflicts: applied.conflicts }, 'Two decisions have one version; closings win');
  }

  #onFailed(error: unknown): void {
    if (this.#stopping !== null || this.#crash !== null) return;
    const { logger, onCrash } = this.#settings;
    if (error instanceof BreakerOpenError) {
      this.#breakerOpen = error;
      logger.error({ err: error }, 'The breaker is open: nothing is consumed until a restart');
      for (const stream of this.#streams) stream.halt();
      return;
    }
    this.#crash = error;
    logger.error({ err: error }, 'The consumer has crashed');
    onCrash(error);
  }

  #getAdmin(): Promise<TopicAdmin> {
    return (this.#admin ??= createTopicAdmin(this.#settings.kafka).catch((error: unknown) => {
      this.#admin = null;
      throw error;
    }));
  }
}
