import { EXIT, type ExitCode } from './exit-codes.js';

/** An expected end of a command: one sentence for the operator and the exit code that goes with it. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exitCode: ExitCode;
  /** The server asks for the same request again in a moment. */
  readonly passes: boolean;

  constructor(exitCode: ExitCode, message: string, options: ErrorOptions & { passes?: boolean } = {}) {
    super(message, options);
    this.exitCode = exitCode;
    this.passes = options.passes ?? false;
  }
}

/** A flag, argument or setting that cannot be used. */
export const usageError = (message: string): CliError => new CliError(EXIT.usage, message);

/** The server may take it in a moment: no answer at all, an answer of its proxy, or it says so itself. */
export const mayPass = (error: unknown): boolean =>
  error instanceof CliError &&
  (error.passes || error.exitCode === EXIT.unreachable || error.exitCode === EXIT.serverFault);
