import { type ExitCode } from '../exit-codes.js';

/** What a command found: for a machine, for a person, and for the shell. */
export interface Report {
  json: unknown;
  text: string;
  exitCode: ExitCode;
}
