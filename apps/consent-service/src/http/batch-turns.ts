import { Injectable } from '@nestjs/common';

/** Half of the connections: a single decision finds one free, however many batches come. */
const AT_ONCE = 4;

/** Lets few batches in at a time. One that waits holds its bytes alone; its lines, once read, are ten times as much. */
@Injectable()
export class BatchTurns {
  #free = AT_ONCE;
  readonly #waiting: (() => void)[] = [];

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free++;
    }
  }
}
