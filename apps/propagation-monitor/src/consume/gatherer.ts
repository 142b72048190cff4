import { type PartitionOffset } from '@consent/kafka';
import { Chunk, type Portion } from '../gather/chunk.js';

export interface GathererSettings {
  /** Shortest time between the beginnings of two writes, in milliseconds. */
  gatherMs: number;
  /** Longest time that a decision waits for its answers before it is written, in milliseconds. */
  holdMs: number;
  /** Told when records have been read, before they are stored. */
  onRead?: (cursors: readonly PartitionOffset[]) => void;
  /** Stores a portion, and the cursors from which all that is not stored would be read again. */
  write: (portion: Portion, cursors: readonly PartitionOffset[]) => Promise<void>;
  /** A write failed for good. Nothing is written after it: cursors must not pass what was lost from memory. */
  onFailure: (error: unknown) => void;
  /** Before the batches of a round are let go. */
  afterRound?: () => Promise<void>;
  /** Whether there is so much to read that a write waits for nothing but the one before. */
  hurry?: () => boolean;
  now?: () => number;
}

/** All batches of a fetch are handed over within this time. */
const SETTLE_MS = 5;
/** With more decisions than this in memory none waits for its answers. */
const MOST_HELD = 3_000;

/**
 * Gathers the batches of all partitions into one write. A batch waits for the write that follows it, so that at most one
 * fetch is in memory besides what is held, and the broker gathers what comes meanwhile. Cursors stay before what is held:
 * after a crash it is read again, and what is stored already merges with itself.
 */
export class Gatherer {
  readonly #settings: GathererSettings;
  readonly #now: () => number;
  readonly #chunk = new Chunk();
  /** The next offset of each partition, read but perhaps not stored. */
  readonly #next = new Map<string, PartitionOffset>();
  #moved = new Set<string>();
  #round: Promise<void> | null = null;
  #lastBegan = 0;
  #writing: Promise<void> = Promise.resolve();
  #holding: NodeJS.Timeout | null = null;
  #failed = false;

  constructor(settings: GathererSettings) {
    this.#settings = settings;
    this.#now = settings.now ?? Date.now;
  }

  /** Adds records by `fold`; resolves when it is time for the next. Rejects when they could not be stored. */
  add(fold: (chunk: Chunk) => void, next: PartitionOffset): Promise<void> {
    fold(this.#chunk);
    const key = keyOf(next);
    this.#next.set(key, next);
    this.#moved.add(key);
    this.#settings.onRead?.([next]);
    return (this.#round ??= this.#writeSoon());
  }

  /** Stores everything that is held. */
  async flush(): Promise<void> {
    if (this.#holding) clearTimeout(this.#holding);
    await this.#round?.catch(() => undefined);
    await this.#writing.catch(() => undefined);
    await this.#writeNow(Infinity);
  }

  async #writeSoon(): Promise<void> {
    const due = this.#settings.hurry?.() ? 0 : this.#lastBegan + this.#settings.gatherMs - this.#now();
    await new Promise((resolve) => setTimeout(resolve, Math.max(SETTLE_MS, Math.min(due, this.#settings.gatherMs))));
    await this.#writing.catch(() => undefined);
    this.#round = null;
    this.#lastBegan = this.#now();
    const holdMs = this.#chunk.size > MOST_HELD ? 0 : this.#settings.holdMs;
    this.#writing = this.#writeNow(this.#lastBegan - holdMs);
    await this.#writing;
    await this.#settings.afterRound?.();
    this.#comeBack();
  }

  /** What is held is written in time, also when nothing more is read. */
  #comeBack(): void {
    if (this.#holding) clearTimeout(this.#holding);
    if (this.#chunk.size === 0) return;
    const again = (): void => {
      // Its failure is told to onFailure.
      (this.#round ??= this.#writeSoon()).catch(() => undefined);
    };
    this.#holding = setTimeout(again, this.#settings.holdMs);
  }

  async #writeNow(before: number): Promise<void> {
    const portion = this.#chunk.take(before);
    const nothingFound = portion.propagations.size + portion.beats.length + portion.heard.size === 0;
    // Records that say nothing move the cursors on all the same, unless what is held keeps them back.
    if (this.#failed || (nothingFound && (this.#moved.size === 0 || this.#chunk.size > 0))) return;
    const moved = this.#moved;
    this.#moved = new Set();
    try {
      await this.#settings.write(portion, this.#cursors(moved));
    } catch (error) {
      this.#failed = true;
      this.#settings.onFailure(error);
      throw error;
    }
  }

  /** Of the partitions that moved: behind what is stored, before what is held. */
  #cursors(moved: Set<string>): PartitionOffset[] {
    const first = new Map<string, number>();
    for (const place of this.#chunk.held()) {
      const key = keyOf(place);
      const known = first.get(key);
      if (known === undefined || place.offset < known) first.set(key, place.offset);
      // It moves on when this is stored, though nothing more may be read there.
      this.#moved.add(key);
    }
    return [...moved].flatMap((key) => {
      const next = this.#next.get(key);
      return next === undefined ? [] : [{ ...next, offset: Math.min(next.offset, first.get(key) ?? next.offset) }];
    });
  }
}

const keyOf = ({ topic, partition }: { topic: string; partition: number }): string => `${topic}/${partition}`;
