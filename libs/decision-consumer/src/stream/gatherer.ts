import { type ConsumedRecord } from '@consent/kafka';
import { type Part } from './acknowledger.js';

/** Records of one partition that wait to be applied. */
export interface Gathered extends Part {
  readonly records: readonly ConsumedRecord[];
  /** More is on the broker: nothing is gained by waiting for company. */
  readonly backlog: boolean;
}

export interface GathererSettings {
  /** A chunk is full from this many records. */
  readonly chunkRecords: number;
  /** Least time between the starts of two chunks, three times as long when they are well filled; none with a backlog. */
  readonly paceMs: number;
  readonly apply: (parts: readonly Gathered[]) => Promise<void>;
  readonly onFailed: (error: unknown) => void;
}

/** From this many records a chunk, the pace is longer by this factor. */
const BUSY_RECORDS = 16;
const BUSY_FACTOR = 3;

interface Waiting {
  readonly part: Gathered;
  /** Lets the consumer fetch on; null when it may already. */
  letGo: (() => void) | null;
}

/**
 * Turns batches of many partitions into chunks, one at a time. With little traffic the consumer is held for `paceMs`, so
 * that records gather on the broker and share the next transaction; with a backlog it fetches on while a chunk commits.
 */
export class Gatherer {
  readonly #settings: GathererSettings;
  #queue: Waiting[] = [];
  #running: Promise<void> | null = null;
  #halted = false;
  #workSince: number | null = null;

  constructor(settings: GathererSettings) {
    this.#settings = settings;
  }

  /** Epoch ms since which a chunk has been in hand; null when none is. */
  get workSince(): number | null {
    return this.#workSince;
  }

  get halted(): boolean {
    return this.#halted;
  }

  /** Resolves when the consumer may fetch more. */
  add(part: Gathered): Promise<void> {
    return new Promise((resolve) => {
      const room = this.#records() < this.#settings.chunkRecords;
      const waiting: Waiting = { part, letGo: part.backlog && room ? null : resolve };
      if (waiting.letGo === null) resolve();
      this.#queue.push(waiting);
      this.#running ??= this.#run();
    });
  }

  /** Forgets what waits, of the given partitions. */
  forget(gone: (part: Part) => boolean): void {
    for (const { part, letGo } of this.#queue) if (gone(part)) letGo?.();
    this.#queue = this.#queue.filter(({ part }) => !gone(part));
  }

  /** Applies nothing any more; the consumer is held. */
  halt(): void {
    this.#halted = true;
  }

  /** Halts and lets the consumer go. */
  close(): void {
    this.halt();
    this.forget(() => true);
  }

  /** Resolves when no chunk is in hand and none waits. */
  async idle(): Promise<void> {
    while (this.#running) await this.#running;
  }

  async #run(): Promise<void> {
    // Batches of one fetch are handed over in the same turn of the event loop.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#queue.length > 0 && !this.#halted) {
      const chunk = this.#take();
      const began = Date.now();
      this.#workSince = began;
      try {
        await this.#settings.apply(chunk.map(({ part }) => part));
      } catch (error) {
        this.halt();
        this.#queue.unshift(...chunk);
        this.#settings.onFailed(error);
        continue;
      } finally {
        this.#workSince = null;
      }
      this.#letGo(chunk, began + this.#paceAfter(chunk));
    }
    // At once, not in a promise callback: what is added in between would wait for the next batch.
    this.#running = null;
  }

  /** The more there is, the more is gained by sharing a transaction and a fetch; nobody waits long for a handful. */
  #paceAfter(chunk: readonly Waiting[]): number {
    const records = chunk.reduce((sum, { part }) => sum + part.records.length, 0);
    return this.#settings.paceMs * (records >= BUSY_RECORDS ? BUSY_FACTOR : 1);
  }

  /** Whole parts, so that a partition's cursor moves by what the broker gave; at least one. */
  #take(): Waiting[] {
    const chunk: Waiting[] = [];
    for (let records = 0; this.#queue[0] !== undefined && records < this.#settings.chunkRecords;) {
      const next = this.#queue.shift();
      if (next === undefined) break;
      chunk.push(next);
      records += next.part.records.length;
    }
    // What fits into the next chunk may be fetched while this one commits.
    let waiting = 0;
    for (const next of this.#queue) {
      waiting += next.part.records.length;
      if (waiting > this.#settings.chunkRecords) break;
      if (next.part.backlog) this.#release(next);
    }
    return chunk;
  }

  #letGo(chunk: readonly Waiting[], notBefore: number): void {
    const wait = notBefore - Date.now();
    const patient = chunk.filter(({ part, letGo }) => letGo !== null && !part.backlog);
    for (const one of chunk) if (wait <= 0 || one.part.backlog) this.#release(one);
    if (wait > 0 && patient.length > 0) setTimeout(() => patient.forEach((one) => this.#release(one)), wait);
  }

  #release(waiting: Waiting): void {
    waiting.letGo?.();
    waiting.letGo = null;
  }

  #records(): number {
    return this.#queue.reduce((sum, { part }) => sum + part.records.length, 0);
  }
}
