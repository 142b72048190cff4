import {
  type ConsumedRecord,
  type Kafka,
  type PartitionOffset,
  type RecordBatch,
  runConsumer,
  type RunningConsumer,
  type TopicAdmin,
  type TopicPartition,
} from '@consent/kafka';
import { type Tracer } from '@opentelemetry/api';
import { backOff } from '../chunk/back-off.js';
import { type Applied } from '../chunk/apply-chunk.js';
import { type DecisionReader, readRecords } from '../chunk/read-records.js';
import { type ChunkRunner, runChunk } from '../chunk/run-chunk.js';
import { type Entry } from '../core/arrival.js';
import { inChunkSpan } from '../observe/chunk-span.js';
import { type ConsumerMetrics } from '../observe/metrics.js';
import { CursorBehindError, type CursorMove, readCursors, setCursor } from '../store/cursors.js';
import { type Acknowledger, type Part } from './acknowledger.js';
import { findStart } from './find-start.js';
import { type Gathered, Gatherer } from './gatherer.js';
import { type ConsumerLogger, isRetriable } from './logger.js';
import { Positions } from './positions.js';
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

const COMMIT_EVERY_MS = 1_000;
const DRAIN_LIMIT_MS = 5_000;

/** One topic, read by one group: gathered into chunks, applied, acknowledged, with the two cursors. */
export class DecisionStream {
  readonly positions = new Positions();
  readonly #settings: DecisionStreamSettings;
  readonly #gatherer: Gatherer;
  #consumer: RunningConsumer | null = null;
  #committed = new Map<number, number>();
  #timer: NodeJS.Timeout | null = null;
  #lastProgress = Date.now();

  constructor(settings: DecisionStreamSettings) {
    this.#settings = settings;
    this.#gatherer = new Gatherer({
      chunkRecords: settings.chunkRecords,
      paceMs: settings.paceMs,
      apply: (parts) => this.#apply(parts),
      onFailed: settings.onFailed,
    });
  }

  /** Epoch ms of the last chunk, or of the moment since which one has been in hand. */
  get lastProgress(): number {
    return this.#gatherer.workSince ?? this.#lastProgress;
  }

  /** Nothing waits: silence is no stall. */
  touch(): void {
    this.#lastProgress = Date.now();
  }

  get topic(): string {
    return this.#settings.topic;
  }

  async start(): Promise<void> {
    const { kafka, groupId, topic, onFailed } = this.#settings;
    this.#consumer = await runConsumer(kafka, {
      groupId,
      topics: [topic],
      maxBytesPerPartition: 131_072,
      onBatch: (batch) => this.#onBatch(batch),
      onAssigned: (partitions) => this.#onAssigned(partitions),
      onStopping: () => this.#onStopping(),
      onCrash: onFailed,
    });
    this.#timer = setInterval(() => void this.#commit(), COMMIT_EVERY_MS);
  }

  /** Finishes the chunk in hand, waits a little for its acknowledgements, commits, leaves the group. */
  async stop(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    // A chunk that cannot be finished in time is given up: it will be read again.
    this.#settings.runner.stopped.addEventListener('abort', () => this.#gatherer.close());
    if (this.#gatherer.halted) this.#gatherer.close();
    await this.#consumer?.stop();
  }

  /** Applies nothing more but stays in the group, so that nobody else trips over the same records. */
  halt(): void {
    this.#gatherer.halt();
    this.#consumer?.pause(this.#consumer.assigned());
  }

  /** Reads partitions again from the given offsets. */
  seekBack(offsets: readonly PartitionOffset[], cause: 'restored' | 'unacknowledged'): void {
    if (offsets.length === 0) return;
    const { logger, metrics, topic } = this.#settings;
    const places = offsets.map(({ partition, offset }) => `${partition}@${offset}`).join(', ');
    logger.warn({ topic, cause, places }, `Reading again (${cause})`);
    metrics.soughtBack(offsets.length, cause);
    for (const at of offsets) this.#seek(at, true);
  }

  #seek(at: PartitionOffset, back: boolean): void {
    this.#gatherer.forget(({ partition }) => partition === at.partition);
    this.positions.sought(at.partition, at.offset, back);
    this.#consumer?.seek(at);
  }

  async #onAssigned(partitions: readonly TopicPartition[]): Promise<void> {
    const { topic, logger, runner } = this.#settings;
    this.#gatherer.forget(() => true);
    await this.#gatherer.idle();
    this.#committed = new Map();
    this.positions.reset();
    const numbers = partitions.map(({ partition }) => partition);
    if (numbers.length === 0) return;
    for (let attempt = 0; ; attempt++)
      try {
        return await this.#startAt(numbers);
      } catch (error) {
        if (!isRetriable(error)) throw error;
        logger.warn({ err: error, topic }, 'The cursors cannot be read yet');
        await backOff(attempt, runner.stopped);
      }
  }

  async #startAt(partitions: readonly number[]): Promise<void> {
    const { topic, groupId, runner, acknowledger, logger } = this.#settings;
    const admin = await this.#settings.admin();
    const ranges = new Map((await admin.partitionRanges(topic)).map((range) => [range.partition, range]));
    const acknowledged = new Map((await admin.committedOffsets(groupId, [topic])).map((o) => [o.partition, o.offset]));
    const applied = await runner.transact((tx) => readCursors(tx, topic, partitions));
    const restored: PartitionOffset[] = [];
    for (const partition of partitions) {
      const { low = 0, high = 0 } = ranges.get(partition) ?? {};
      const kafka = acknowledged.get(partition) ?? null;
      const cursor = applied.get(partition) ?? -1;
      const start = findStart({ acknowledged: kafka, applied: cursor, low, high });
      const at = { topic, partition, offset: start.offset };
      if (start.expired > 0) this.#reportGap(partition, start.offset - start.expired, start.offset);
      if (start.because === 'new-topic') {
        logger.error(
          { topic, partition, high, applied: cursor },
          'The topic ends before what was applied: a new topic?',
        );
        await runner.transact((tx) => setCursor(tx, at));
      }
      acknowledger.start(start.because === 'restored' ? { ...at, offset: kafka ?? start.offset } : at);
      this.positions.assigned(partition, start.offset, start.because === 'new-topic' ? start.offset : cursor);
      if (start.because === 'restored') restored.push(at);
      else if (start.offset !== (kafka ?? low)) this.#seek(at, false);
    }
    logger.info({ topic, group: groupId, partitions: partitions.length }, 'Assigned');
    this.seekBack(restored, 'restored');
  }

  async #onBatch(batch: RecordBatch): Promise<void> {
    const { partition, records, highWatermark, topic } = batch;
    const first = records[0];
    const last = records.at(-1);
    if (first === undefined || last === undefined) return;
    const position = this.positions.next(partition) ?? first.offset;
    if (first.offset > position) this.#reportGap(partition, position, first.offset);
    const next = last.offset + 1;
    this.positions.read(partition, next, highWatermark);
    const backlog = highWatermark - next > 0;
    await this.#gatherer.add({ topic, partition, from: Math.min(position, first.offset), next, records, backlog });
  }

  #reportGap(partition: number, from: number, to: number): void {
    const { topic, logger, metrics, name } = this.#settings;
    logger.error({ topic, partition, from, to }, 'Records were skipped: they expired, or the offset was reset');
    metrics.gap(to - from, name);
  }

  async #apply(parts: readonly Gathered[]): Promise<void> {
    const { turn, tracer, runner } = this.#settings;
    const records = parts.flatMap((part) => part.records);
    await inChunkSpan(tracer, runner.system.systemId, records, () => turn.take(() => this.#applyInTurn(parts)));
    this.#lastProgress = Date.now();
  }

  async #applyInTurn(parts: readonly Gathered[]): Promise<void> {
    const { runner, acknowledger, metrics, name, onApplied, isForUs } = this.#settings;
    const began = Date.now();
    const entries = await this.#read(parts.flatMap((part) => part.records.filter(isForUs)));
    const moves = this.#moves(parts);
    let applied: Applied;
    try {
      applied = await runChunk({ entries, moves }, runner);
    } catch (error) {
      if (error instanceof CursorBehindError) return this.#readAgainFromDatabase();
      throw error;
    }
    for (const { partition, offset } of moves) this.positions.wrote(partition, offset);
    acknowledger.add(parts.map(withoutRecords), applied.concluded);
    const now = Date.now();
    metrics.chunk(applied, name, (now - began) / 1000, now);
    onApplied(applied);
  }

  /** A writer schema may be new while the registry is away: that passes. */
  async #read(records: readonly ConsumedRecord[]): Promise<Entry[]> {
    for (let attempt = 0; ; attempt++)
      try {
        return await readRecords(records, this.#settings.reader);
      } catch (error) {
        if (!isRetriable(error)) throw error;
        this.#settings.runner.onRetry(error);
        await backOff(attempt, this.#settings.runner.stopped);
      }
  }

  /** One for each partition: a chunk may hold two batches of one. */
  #moves(parts: readonly Part[]): CursorMove[] {
    const moves = new Map<number, CursorMove>();
    for (const { topic, partition, next } of parts)
      moves.set(partition, { topic, partition, offset: next, seen: this.positions.written(partition) });
    return [...moves.values()];
  }

  /** The database was restored to an older state while this process runs. */
  async #readAgainFromDatabase(): Promise<void> {
    const { topic, runner } = this.#settings;
    const partitions = this.positions.partitions();
    const cursors = await runner.transact((tx) => readCursors(tx, topic, partitions));
    const behind = partitions.filter((partition) => (cursors.get(partition) ?? -1) < this.positions.written(partition));
    for (const partition of behind) this.positions.restored(partition, cursors.get(partition) ?? -1);
    // Partitions that are not behind were in the chunk too: they go on from where they were written.
    const offsets = partitions.map((partition) => ({
      topic,
      partition,
      offset: Math.max(0, this.positions.written(partition)),
    }));
    this.seekBack(offsets, 'restored');
  }

  async #commit(): Promise<void> {
    const held = new Set(this.positions.partitions());
    const due = this.#settings.acknowledger
      .cursors(this.topic)
      .filter(({ partition, offset }) => held.has(partition) && offset > (this.#committed.get(partition) ?? -1));
    if (due.length === 0) return;
    try {
      await this.#consumer?.commitOffsets(due);
      for (const { partition, offset } of due) this.#committed.set(partition, offset);
    } catch (error) {
      // A rebalance, mostly. The next commit says the same and more.
      this.#settings.logger.debug({ err: error, topic: this.topic }, 'Offsets were not committed');
    }
  }

  async #onStopping(): Promise<void> {
    const { acknowledger } = this.#settings;
    await this.#gatherer.idle();
    this.#gatherer.close();
    await Promise.race([acknowledger.drained(), new Promise((resolve) => setTimeout(resolve, DRAIN_LIMIT_MS).unref())]);
    await this.#commit();
  }
}

const withoutRecords = ({ topic, partition, from, next }: Part): Part => ({ topic, partition, from, next });
