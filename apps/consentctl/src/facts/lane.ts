import { createHash } from 'node:crypto';

/** A line on its way: its number in the file and its text. */
export interface Pending {
  number: number;
  text: string;
}

const LINES = 500;
const BYTES = 1_048_576;

/** Sends a batch and takes its answers; rejects when it cannot be sent. */
export type SendBatch = (batch: readonly Pending[], key: string) => Promise<void>;

/**
 * Lines of the same people, in the order of the file, sent batch by batch: the next batch is gathered while one is under
 * way, and no third. Its keys follow from what it sends and where that stands, so that the same file read again makes
 * the same requests.
 */
export class Lane {
  #batch: Pending[] = [];
  #bytes = 0;
  #ordinal = 0;
  #underWay: Promise<void> = Promise.resolve();
  #failed = false;
  #error: unknown;

  constructor(
    /** Tells this lane of this load from others. */
    readonly name: string,
    readonly send: SendBatch,
  ) {}

  /** Resolves when there is room for more. @throws what sending threw */
  async add(line: Pending): Promise<void> {
    this.#batch.push(line);
    this.#bytes += line.text.length;
    if (this.#batch.length >= LINES || this.#bytes >= BYTES) await this.#depart();
  }

  /** Sends what is left and waits for all of it. @throws what sending threw */
  async drain(): Promise<void> {
    if (this.#batch.length > 0) await this.#depart();
    await this.#arrived();
  }

  async #depart(): Promise<void> {
    await this.#arrived();
    const batch = this.#batch;
    this.#batch = [];
    this.#bytes = 0;
    this.#underWay = this.send(batch, this.#keyOf(batch)).catch((error: unknown) => {
      this.#failed = true;
      this.#error = error;
    });
  }

  async #arrived(): Promise<void> {
    await this.#underWay;
    if (this.#failed) throw this.#error;
  }

  #keyOf(batch: readonly Pending[]): string {
    const hash = createHash('sha256').update(`${this.name}\n${this.#ordinal++}\n`);
    for (const { number, text } of batch) hash.update(`${number} ${text}\n`);
    return `facts-load:${hash.digest('base64url')}`;
  }
}
