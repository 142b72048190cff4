import { ProcessOutput } from 'listr2';

/** Where the steps are shown. After the signal nothing more is: a step that fails because it is being stopped is not broken. */
export class InterruptibleOutput extends ProcessOutput {
  readonly #signal: AbortSignal;

  constructor(signal: AbortSignal) {
    super();
    this.#signal = signal;
  }

  override get stdout(): NodeJS.WriteStream {
    const out = super.stdout;
    const write = out.write.bind(out);
    return Object.assign(out, { write: (text: string) => this.#signal.aborted || write(text) });
  }

  override toStdout(text: string, endOfLine?: boolean): boolean {
    return this.#signal.aborted || super.toStdout(text, endOfLine);
  }

  override toStderr(text: string, endOfLine?: boolean): boolean {
    return this.#signal.aborted || super.toStderr(text, endOfLine);
  }
}
