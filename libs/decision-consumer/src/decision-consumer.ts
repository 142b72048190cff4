import { PropagationAcknowledgementSchema, topics } from '@consent/events';
import { RegistryError, registrySubjectOf } from '@consent/kafka';
import { assembleParts, type ConsumerParts, lagOf } from './assemble-parts.js';
import { type Applied } from './chunk/apply-chunk.js';
import { Breaker, BreakerOpenError } from './chunk/breaker.js';
import { type ConsumerReport, type DecisionConsumerSettings } from './consumer-settings.js';
import { inTraceOf } from './observe/in-trace-of.js';
import { type Discarded, discardUnreadable } from './parked/discard-unreadable.js';
import { type Released, releaseParked } from './parked/release-parked.js';
import { type Word, wordOf } from './stream/word.js';

const GIVE_UP_CHUNK_MS = 10_000;

/** Consumes decisions for one system: the live topic and its replays, parked records, acknowledgements. Knows no Nest. */
export class DecisionConsumer {
  readonly #settings: DecisionConsumerSettings;
  readonly #parts: ConsumerParts;
  readonly #stopped = new AbortController();
  #started = false;
  #stopping: Promise<void> | null = null;
  #crash: unknown = null;
  #breakerOpen: BreakerOpenError | null = null;
  #closingFailed = false;

  constructor(settings: DecisionConsumerSettings) {
    this.#settings = settings;
    this.#parts = assembleParts(settings, {
      stopped: this.#stopped.signal,
      onApplied: (applied) => this.#onApplied(applied),
      onFailed: (error) => this.#onFailed(error),
      onClosingFailed: () => (this.#closingFailed = true),
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
    this.#parts.desk.start();
    for (const stream of this.#parts.streams) await stream.start();
    this.#parts.watch.start();
    this.#started = true;
  }

  /** Finishes the chunk in hand; one that cannot be finished is given up after ten seconds and read again later. */
  stop(): Promise<void> {
    return (this.#stopping ??= this.#stop());
  }

  async #stop(): Promise<void> {
    this.#parts.watch.stop();
    const giveUp = setTimeout(() => this.#stopped.abort(), GIVE_UP_CHUNK_MS);
    await Promise.all(this.#parts.streams.map((stream) => stream.stop()));
    clearTimeout(giveUp);
    this.#stopped.abort();
    await this.#parts.desk.stop();
    await this.#parts.producer.close();
    await this.#parts.admin.close();
  }

  /** Applies parked records again, with those of the same triple. */
  release(ids: readonly string[]): Promise<Released[]> {
    // Released on purpose, one knows that they may fail again: the breaker is for what nobody asked for.
    const runner = { ...this.#parts.runner, breaker: new Breaker(Number.MAX_SAFE_INTEGER) };
    return this.#parts.turn.take(async () => {
      const { released } = await releaseParked(ids, this.#settings.dataSource, this.#parts.reader, runner);
      this.#parts.desk.settle();
      return released;
    });
  }

  /**
   * Sets an unreadable record aside, and releases what waited for it.
   * @param withoutCopy also one that the dead-letter topic takes no copy of; the system's database keeps it
   */
  async discard(id: string, { withoutCopy = false } = {}): Promise<Discarded> {
    const discarded = await this.#parts.turn.take(() =>
      this.#parts.runner.transact((tx) => discardUnreadable(tx, id, withoutCopy)),
    );
    if (discarded.kind !== 'discarded') return discarded;
    if (discarded.waiting.length > 0) await this.release(discarded.waiting);
    this.#parts.desk.settle();
    return discarded;
  }

  report(): ConsumerReport {
    const [live, replays] = this.#parts.streams;
    return {
      systemId: this.#settings.system.systemId,
      word: this.word,
      detail: this.#detail(),
      purposes: [...this.#settings.system.purposes],
      lag: lagOf(this.#parts.streams),
      parked: this.#parts.desk.count,
      unconfirmedAcknowledgements: this.#parts.acknowledger.depth,
      live: live.positions.report(),
      replays: replays.positions.report(),
    };
  }

  get word(): Word {
    return wordOf({
      started: this.#started,
      crashed: this.#crash !== null,
      breakerOpen: this.#breakerOpen !== null,
      stalled: this.#parts.watch.finding !== null,
      seekingBack: this.#parts.streams.some(({ positions }) => positions.seekingBack),
      acknowledgementsBehind: this.#parts.acknowledger.behind,
    });
  }

  /** Records are known to wait and nothing moves: a restart may help. */
  get stuck(): boolean {
    return this.#crash !== null || this.#parts.watch.finding?.recordsWait === true;
  }

  /** A parked record whose triple could not be closed, until nothing is parked any more. */
  get closingFailed(): boolean {
    return this.#closingFailed && this.#parts.desk.count > 0;
  }

  #detail(): string | null {
    if (this.#crash !== null) return this.#crash instanceof Error ? this.#crash.message : 'crashed';
    if (this.#breakerOpen !== null) return this.#breakerOpen.message;
    if (this.closingFailed) return 'a parked decision could not be closed: the system may act on an old grant';
    return this.#parts.watch.finding?.detail ?? null;
  }

  #onApplied(applied: Applied): void {
    if (applied.parked.length > 0 || applied.resolved > 0) this.#parts.desk.settle();
    this.#logParked(applied);
    if (applied.conflicts > 0)
      this.#settings.logger.error({ conflicts: applied.conflicts }, 'Two decisions have one version; closings win');
  }

  /** Each in the trace of the request that recorded it: there one looks for why. */
  #logParked({ parked }: Applied): void {
    for (const item of parked) {
      const record = 'arrival' in item ? item.arrival.record : item.record;
      const { topic, partition, offset } = record;
      inTraceOf(record, () =>
        this.#settings.logger.warn({ topic, partition, offset, reason: item.reason }, 'A decision is parked'),
      );
    }
  }

  #onFailed(error: unknown): void {
    if (this.#stopping !== null || this.#crash !== null) return;
    const { logger, onCrash } = this.#settings;
    if (error instanceof BreakerOpenError) {
      this.#breakerOpen = error;
      logger.error({ err: error }, 'The breaker is open: nothing is consumed until a restart');
      for (const stream of this.#parts.streams) stream.halt();
      return;
    }
    this.#crash = error;
    logger.error({ err: error }, 'The consumer has crashed');
    onCrash(error);
  }
}
