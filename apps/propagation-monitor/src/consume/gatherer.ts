import { type PartitionOffset } from '@consent/kafka';
import { Chunk } from '../gather/chunk.js';

export interface GathererSettings {
  /** Shortest time between the beginnings of two writes, in milliseconds. */
  gatherMs: number;
  /** Stores a chunk and the cursors behind it; what it throws reaches everybody whose records are in the chunk. */
  write: (chunk: Chunk, cursors: readonly PartitionOffset[]) => Promise<void>;
  now?: () => number;
}

/** All batches of a fetch are handed over within this time. */
const SETTLE_MS = 5;

/**
 * Gathers the batches of all partitions into one write. A batch waits for the write that holds it, so that at most one
 * fetch is in memory and the broker gathers what comes meanwhile. With a backlog nothing waits longer than the write before.
 */
export class Gatherer {
  readonly #settings: GathererSettings;
  readonly #now: () => number;
  #chunk = new Chunk();
  #cursors = new Map<string, PartitionOffset>();
  #written: Promise<void> | null = null;
  #lastBegan = 0;
  #writing: Promise<void> = Promise.resolve();

  constructor(settings: GathererSettings) {
    this.#settings = settings;
    this.#now = settings.now ?? Date.now;
  }

  /** Adds records by `fold`; resolves when they are stored and the cursor has moved to `next`. */
  add(fold: (chunk: Chunk) => void, next: PartitionOffset): Promise<void> {
    fold(this.#chunk);
    this.#cursors.set(`${next.topic}/${next.partition}`, next);
    return (this.#written ??= this.#writeLater());
  }

  async #writeLater(): Promise<void> {
    const due = this.#lastBegan + this.#settings.gatherMs - this.#now();
    await new Promise((resolve) => setTimeout(resolve, Math.max(SETTLE_MS, Math.min(due, this.#settings.gatherMs))));
    await this.#writing.catch(() => undefined);
    this.#lastBegan = this.#now();
    const chunk = this.#chunk;
    const cursors = [...this.#cursors.values()];
    this.#chunk = new Chunk();
    this.#cursors = new Map();
    this.#written = null;
    this.#writing = this.#settings.write(chunk, cursors);
    await this.#writing;
  }
}
