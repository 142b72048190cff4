import { once } from 'node:events';
import { createWriteStream, rmSync, type WriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { CliError } from '../cli-error.js';
import { EXIT } from '../exit-codes.js';
import { type LineProblem } from '../http/facts.js';

/**
 * The file of the lines that were not taken, a JSON object each: line, problem (what is wrong, where, what is expected)
 * and the original. Made with the first of them; one of an earlier load is removed.
 */
export class Rejects {
  #stream: WriteStream | null = null;
  #error: Error | null = null;
  count = 0;

  constructor(readonly file: string) {
    this.#guard(() => rmSync(file, { force: true }));
  }

  async add(line: number, problem: LineProblem, original: string): Promise<void> {
    this.count += 1;
    this.#stream ??= this.#open();
    const goesOn = this.#stream.write(`${JSON.stringify({ line, problem, original })}\n`);
    if (!goesOn && !this.#error) await Promise.race([once(this.#stream, 'drain'), once(this.#stream, 'close')]);
    this.#check();
  }

  async close(): Promise<void> {
    if (!this.#stream) return;
    this.#stream.end();
    await finished(this.#stream).catch(() => undefined);
    this.#check();
  }

  #open(): WriteStream {
    const stream = createWriteStream(this.file);
    stream.on('error', (error) => (this.#error ??= error));
    return stream;
  }

  #check(): void {
    if (this.#error) throw this.#cannotWrite(this.#error);
  }

  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      throw this.#cannotWrite(error as Error);
    }
  }

  #cannotWrite(cause: Error): CliError {
    return new CliError(EXIT.incomplete, `the reject file ${this.file} cannot be written: ${cause.message}`, { cause });
  }
}
