import {
  type PartitionOffset,
  type RecordBatch,
  runConsumer,
  type RunningConsumer,
  type TopicPartition,
} from '@consent/kafka';
import { backOff } from '../chunk/back-off.js';
import { type Applied } from '../chunk/apply-chunk.js';
import { inChunkSpan } from '../observe/chunk-span.js';
import { CursorBehindError, readCursors } from '../store/cursors.js';
import { type Part } from './acknowledger.js';
import { applyRecords } from './apply-records.js';
import { GroupOffsets } from './commit-offsets.js';
import { type Gathered, Gatherer } from './gatherer.js';
import { isRetriable } from './logger.js';
import { type DecisionStreamSettings } from './stream-settings.js';
import { startPartitions } from './start-partitions.js';
import { Positions } from './positions.js';

const COMMIT_EVERY_MS = 1_000;
const DRAIN_LIMIT_MS = 5_000;

/** One topic, read by one group: gathered into chunks, applied, acknowledged, with the two cursors. */
export class DecisionStream {
  readonly positions = new Positions();
  readonly #settings: DecisionStreamSettings;
  readonly #gatherer: Gatherer;
  readonly #offsets: GroupOffsets;
  #consumer: RunningConsumer | null = null;
  #timer: NodeJS.Timeout | null = null;
  #lastProgress = Date.now();

  constructor(settings: DecisionStreamSettings) {
    this.#settings = settings;
    this.#offsets = new GroupOffsets(settings.logger);
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
    this.#offsets.reset();
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
    const starts = await startPartitions(topic, groupId, partitions, await this.#settings.admin(), runner);
    const restored: PartitionOffset[] = [];
    for (const start of starts) {
      const { partition, offset, because, expired } = start;
      const at = { topic, partition, offset };
      if (expired > 0) this.#reportGap(partition, offset - expired, offset);
      if (because === 'new-topic')
        logger.error({ topic, partition }, 'The topic ends before what was applied: a new one?');
      acknowledger.start({ ...at, offset: start.acknowledged });
      this.positions.assigned(partition, offset, start.applied);
      if (because === 'restored') restored.push(at);
      else if (start.seek) this.#seek(at, false);
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
    const { runner, reader, acknowledger, metrics, name, onApplied, isForUs } = this.#settings;
    const began = Date.now();
    const records = parts.flatMap((part) => part.records.filter(isForUs));
    let applied: Applied;
    try {
      applied = await applyRecords(records, parts, this.positions, reader, runner);
    } catch (error) {
      if (error instanceof CursorBehindError) return this.#readAgainFromDatabase();
      throw error;
    }
    acknowledger.add(parts.map(withoutRecords), applied.concluded);
    const now = Date.now();
    metrics.chunk(applied, name, (now - began) / 1000, now);
    onApplied(applied);
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

  #commit(): Promise<void> {
    const held = new Set(this.positions.partitions());
    const cursors = this.#settings.acknowledger.cursors(this.topic);
    return this.#offsets.commit(
      this.#consumer,
      cursors.filter(({ partition }) => held.has(partition)),
    );
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
