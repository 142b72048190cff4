import { readerOn, withTransaction } from '@consent/postgres';
import { type Logger } from '@consent/service-host';
import { type DataSource } from 'typeorm';
import { pruneKeys } from '../idempotency/prune-keys.js';
import { closeReplays } from './close-replays.js';
import { enqueuePortion } from './enqueue-portion.js';

const IDLE_MS = 1_000;
/** While the relay drains a full lane. */
const BUSY_MS = 100;
const PRUNE_EVERY_MS = 3_600_000;

/**
 * Feeds replays to the bulk lane, portion by portion. All it knows is in the database: a worker that is killed is
 * continued by any other. Also forgets old idempotency keys.
 */
export class ReplayWorker {
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> | null = null;
  #again = false;
  #stopped = false;
  #prunedAt = 0;

  constructor(
    readonly dataSource: DataSource,
    readonly logger: Logger,
    readonly afterCommit: () => void,
  ) {}

  start(): void {
    this.wake();
  }

  /** A replay has been asked for: no need to wait for the next look. */
  wake(): void {
    if (this.#stopped) return;
    if (this.#running) {
      this.#again = true;
      return;
    }
    if (this.#timer) clearTimeout(this.#timer);
    this.#running = this.#work().then((delay) => {
      this.#running = null;
      if (this.#stopped) return;
      if (this.#again) {
        this.#again = false;
        this.wake();
      } else this.#timer = setTimeout(() => this.wake(), delay);
    });
  }

  /** Finishes the portion in hand. */
  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#timer) clearTimeout(this.#timer);
    await this.#running;
  }

  /** Returns the time to wait, in milliseconds. */
  async #work(): Promise<number> {
    try {
      await this.#prune();
      while (!this.#stopped) {
        const result = await withTransaction(this.dataSource, (tx) => enqueuePortion(tx));
        if (result === 'moved') {
          this.afterCommit();
          continue;
        }
        await closeReplays(readerOn(this.dataSource));
        return result === 'lane-full' ? BUSY_MS : IDLE_MS;
      }
    } catch (error) {
      this.logger.warn({ err: error }, 'The replay worker failed and tries again');
    }
    return IDLE_MS;
  }

  async #prune(): Promise<void> {
    if (Date.now() - this.#prunedAt < PRUNE_EVERY_MS) return;
    await pruneKeys(this.dataSource);
    this.#prunedAt = Date.now();
  }
}
