import { type Catalogue } from '@consent/consent-rules';
import { isTransient, withTransaction } from '@consent/postgres';
import { type Logger } from '@consent/service-host';
import { type DataSource } from 'typeorm';
import { type CatalogueInForce } from '../catalogue/catalogue-in-force.js';
import { CatalogueMovedError } from '../catalogue/fence.js';
import { SetAside } from '../relay/set-aside.js';
import { type ClockKind } from './clock-names.js';
import { type DueResult, runDuePortion } from './run-due-portion.js';

/** Subjects in one transaction. */
const PORTION = 200;
const IDLE_MS = 1_000;
/** While the relay drains a full lane, or other transactions hold whoever is due. */
const BUSY_MS = 100;
const WAIT_MS: Readonly<Record<Exclude<DueResult['kind'], 'done'>, number>> = {
  'nothing-due': IDLE_MS,
  'other-scheduler': IDLE_MS,
  'lane-full': BUSY_MS,
  'all-held': BUSY_MS,
};
/** How long a subject whose clocks fail is left alone; it stays due, and the age of the oldest keeps rising. */
const SET_ASIDE_MS = { first: 5_000, longest: 300_000 };
/** A row that another transaction holds, or a scheduler that was stopped, must not hold the others up for long. */
const LIMITS = `SELECT set_config('lock_timeout', '2s', true), set_config('idle_in_transaction_session_timeout', '10s', true)`;

export interface SchedulerSettings {
  dataSource: DataSource;
  catalogue: Catalogue & Pick<CatalogueInForce, 'refresh'>;
  /** Epoch ms. */
  clock: () => number;
  logger: Logger;
  /** Rows may wait in the outbox. */
  afterCommit: () => void;
  onDone: (done: ReadonlyMap<ClockKind, number>) => void;
  /** Subjects in one transaction; more than that at once is a mass expiry. */
  portion?: number;
}

/**
 * Does what falls due by itself, portion by portion, until nothing is due, and looks again each second. All it knows is in
 * the database: any number may run, one works, and one that is killed is continued by any other.
 */
export class ClockScheduler {
  readonly #given: SchedulerSettings;
  readonly #setAside = new SetAside<string>(SET_ASIDE_MS.first, SET_ASIDE_MS.longest);
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> | null = null;
  #stopped = false;
  #lastError: Error | null = null;

  constructor(settings: SchedulerSettings) {
    this.#given = settings;
  }

  /** Subjects that are left alone because their clocks failed. */
  get setAside(): number {
    return this.#setAside.current(performance.now()).length;
  }

  /** Why the last portion failed; null when it did not. */
  get lastError(): Error | null {
    return this.#lastError;
  }

  start(): void {
    this.#running = this.#work().then((delay) => {
      if (!this.#stopped) this.#timer = setTimeout(() => this.start(), delay);
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
    let limit = this.#given.portion ?? PORTION;
    while (!this.#stopped) {
      let taken: readonly string[] = [];
      try {
        const result = await this.#portion(limit, (ids) => (taken = ids));
        this.#lastError = null;
        if (result.kind !== 'done') return WAIT_MS[result.kind];
        for (const id of taken) this.#setAside.forget(id);
        this.#given.onDone(result.done);
        this.#alarm(result.late);
        this.#given.afterCommit();
        limit = Math.min(limit * 2, this.#given.portion ?? PORTION);
      } catch (error) {
        if (error instanceof CatalogueMovedError && (await this.#loadCatalogue())) continue;
        this.#lastError = error instanceof Error ? error : new Error(String(error));
        this.#given.logger.warn({ err: error, subjects: taken.length }, 'The clocks of a portion failed');
        const [only] = taken;
        // The failure is somebody's among them, or nobody's: one by one they show it.
        if (taken.length > 1) limit = 1;
        else if (only !== undefined && this.#isOfTheSubject(error)) this.#setAside.add(only, performance.now());
        else return IDLE_MS;
      }
    }
    return IDLE_MS;
  }

  /** Whether the version in force is another one now; one that this build cannot read is said by readiness. */
  async #loadCatalogue(): Promise<boolean> {
    const { catalogue } = this.#given;
    const before = catalogue.version;
    return (await catalogue.refresh().catch(() => before)) !== before;
  }

  #alarm(late: readonly string[]): void {
    if (late.length > 0)
      this.#given.logger.error({ objections: late }, 'The time to reply to reasoned objections has passed');
  }

  /** A database that is away concerns everybody; a lock that another transaction holds is about this subject. */
  #isOfTheSubject(error: unknown): boolean {
    return !isTransient(error) || (error as { code?: unknown }).code === '55P03';
  }

  #portion(limit: number, onTaken: (ids: readonly string[]) => void): Promise<DueResult> {
    const { dataSource, catalogue, clock } = this.#given;
    return withTransaction(dataSource, async (tx) => {
      await tx.query(LIMITS);
      const except = this.#setAside.current(performance.now());
      return runDuePortion(tx, { catalogue, now: clock(), limit, except, onTaken });
    });
  }
}
