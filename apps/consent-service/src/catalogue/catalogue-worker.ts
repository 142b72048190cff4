import { withTransaction, readerOn } from '@consent/postgres';
import { type Logger } from '@consent/service-host';
import { type DataSource } from 'typeorm';
import { BULK } from '../relay/outbox-row.js';
import { applyPortion, type VersionCache } from './apply-portion.js';
import { type CatalogueInForce } from './catalogue-in-force.js';

const IDLE_MS = 1_000;
/** While the relay drains a full lane. */
const BUSY_MS = 100;

/** A change is through when the broker has confirmed its last record. */
const CLOSE = `
UPDATE catalogue_change SET state = 'done', done_at = clock_timestamp()
 WHERE state = 'recorded' AND NOT EXISTS (
   SELECT FROM outbox WHERE lane = ${BULK} AND kind = 'decision' AND id <= last_outbox_id)`;

/**
 * Takes changes of the catalogue through all people, portion by portion, and keeps this service at the version in force.
 * All it knows is in the database: one that is killed is continued by any other.
 */
export class CatalogueWorker {
  readonly #cache: VersionCache = new Map();
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> | null = null;
  #stopped = false;

  constructor(
    readonly dataSource: DataSource,
    readonly catalogue: CatalogueInForce,
    readonly logger: Logger,
    readonly afterCommit: () => void,
  ) {}

  /** There may be work: no need to wait for the next look. */
  wake(): void {
    if (this.#stopped || this.#running) return;
    if (this.#timer) clearTimeout(this.#timer);
    this.#running = this.#work().then((delay) => {
      this.#running = null;
      if (!this.#stopped) this.#timer = setTimeout(() => this.wake(), delay);
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
      await this.catalogue.refresh();
      while (!this.#stopped) {
        const result = await withTransaction(this.dataSource, (tx) => applyPortion(tx, this.#cache));
        if (result === 'moved') {
          this.afterCommit();
          continue;
        }
        await readerOn(this.dataSource).query(CLOSE);
        if (result === 'nothing-to-do') this.#cache.clear();
        return result === 'lane-full' ? BUSY_MS : IDLE_MS;
      }
    } catch (error) {
      this.logger.warn({ err: error }, 'The catalogue worker failed and tries again');
    }
    return IDLE_MS;
  }
}
