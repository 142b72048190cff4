import { type Figures } from './read-status.js';

const LEAST_AGE_MS = 1_000;
const MOST_AGE_MS = 5_000;
/** Reading shall take a twentieth of the time at most. */
const MOST_SHARE = 20;

/** Figures that are read anew when they are asked for and older than a second: up to five where reading takes long. */
export class FiguresCache {
  readonly #read: (now: number) => Promise<Figures>;
  #figures: Figures | null = null;
  #reading: Promise<Figures> | null = null;
  #keepMs = LEAST_AGE_MS;

  constructor(read: (now: number) => Promise<Figures>) {
    this.#read = read;
  }

  async at(now: number): Promise<Figures> {
    if (this.#figures && now - this.#figures.readAt < this.#keepMs) return this.#figures;
    this.#reading ??= this.#readAnew(now).finally(() => (this.#reading = null));
    return this.#reading;
  }

  async #readAnew(now: number): Promise<Figures> {
    const began = performance.now();
    const figures = await this.#read(now);
    this.#keepMs = Math.min(MOST_AGE_MS, Math.max(LEAST_AGE_MS, MOST_SHARE * (performance.now() - began)));
    return (this.#figures = figures);
  }
}
