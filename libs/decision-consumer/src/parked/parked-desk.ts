import { acknowledgeResolved, type AcknowledgeResolved } from './acknowledge-resolved.js';
import { countParked } from './list-parked.js';
import { publishDeadLetters, tryRefusedAgain } from './publish-dead-letters.js';

export interface ParkedDeskSettings extends AcknowledgeResolved {
  readonly deadLetters: string;
  readonly onFailed: (error: unknown) => void;
  /** The dead-letter topic takes no copy of a parked record. */
  readonly onRefused: (parkedId: string, error: unknown) => void;
}

const SETTLE_EVERY_MS = 2_000;

/** Brings to Kafka what the parked table says: copies of what parks, acknowledgements of what waits no more. */
export class ParkedDesk {
  readonly #settings: ParkedDeskSettings;
  #dirty = true;
  #count: number | null = null;
  #working: Promise<void> | null = null;
  #refusedTriedAgain = false;
  #timer: NodeJS.Timeout | null = null;

  constructor(settings: ParkedDeskSettings) {
    this.#settings = settings;
  }

  /** Records that wait to be released; 0 before they are counted. */
  get count(): number {
    return this.#count ?? 0;
  }

  /** The same; null before they are counted. */
  get counted(): number | null {
    return this.#count;
  }

  /** Whatever an earlier process left undone is done first, and now and then what another process of the system did is seen. */
  start(): void {
    this.settle();
    this.#timer = setInterval(() => this.settle(), SETTLE_EVERY_MS);
  }

  /** The table has changed. */
  settle(): void {
    this.#dirty = true;
    this.#working ??= this.#work().finally(() => (this.#working = null));
  }

  async stop(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    await this.#working;
  }

  async #work(): Promise<void> {
    const { dataSource, onFailed } = this.#settings;
    try {
      if (!this.#refusedTriedAgain) await tryRefusedAgain(dataSource);
      this.#refusedTriedAgain = true;
      while (this.#dirty) {
        this.#dirty = false;
        this.#count = await countParked(dataSource);
        await bothToTheEnd(
          () => publishDeadLetters(this.#settings),
          () => acknowledgeResolved(this.#settings),
        );
      }
    } catch (error) {
      this.#dirty = true;
      onFailed(error);
    }
  }
}

/** Each until there is no more of it; one topic that is away keeps nothing from the other. @throws what the first that failed threw */
async function bothToTheEnd(...works: (() => Promise<number>)[]): Promise<void> {
  const ended = await Promise.allSettled(
    works.map(async (work) => {
      while ((await work()) > 0);
    }),
  );
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
}
