import { EXIT, type ExitCode } from './exit-codes.js';

/** An expected end of a command: one sentence for the operator and the exit code that goes with it. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

/** A flag, argument or setting that cannot be used. */
export const usageError = (message: string): CliError => new CliError(EXIT.usage, message);

/** The server may be back in a moment: no answer at all, or an answer of its proxy. */
export const mayPass = (error: unknown): boolean =>
  error instanceof CliError && (error.exitCode === EXIT.unreachable || error.exitCode === EXIT.serverFault);
