import { createWriteStream, rmSync, statSync, type WriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { CliError, usageError } from '../cli-error.js';
import { EXIT } from '../exit-codes.js';
import { type LineProblem } from '../http/facts.js';
import { firstBytes } from './first-bytes.js';

/**
 * The file of the lines that were not taken, a JSON object each: line, problem (what is wrong, where, what is expected)
 * and the original. Made with the first of them; one of an earlier load is removed, and no other file.
 */
export class Rejects {
  #stream: WriteStream | null = null;
  #error: Error | null = null;
  count = 0;

  /** @throws CliError usage for a place that holds something else */
  constructor(readonly file: string) {
    if (file === '') throw usageError('--rejects is empty; expected a file for the lines that are not taken');
    const found = statSync(file, { throwIfNoEntry: false });
    if (found?.isDirectory()) throw usageError(`--rejects: '${file}' is a folder; expected a file`);
    if (!found?.isFile()) return;
    this.#guard(() => {
      if (!isReject(file))
        throw usageError(`--rejects: '${file}' holds something else; name another file, or remove it`);
      rmSync(file);
    });
  }

  async add(line: number, problem: LineProblem, original: string): Promise<void> {
    this.count += 1;
    const stream = (this.#stream ??= this.#open());
    const text = `${JSON.stringify({ line, problem, original })}\n`;
    await new Promise<unknown>((written) => {
      if (stream.write(text, written)) written(null);
    });
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
      if (error instanceof CliError) throw error;
      throw this.#cannotWrite(error as Error);
    }
  }

  #cannotWrite(cause: Error): CliError {
    return new CliError(EXIT.incomplete, `the reject file ${this.file} cannot be written: ${cause.message}`, { cause });
  }
}

const FIRST_BYTES = '{"line":';

/** Whether a file is empty or begins as those of this class do. */
const isReject = (file: string): boolean =>
  ['', FIRST_BYTES].includes(firstBytes(file, FIRST_BYTES.length).toString('latin1'));
