import { CliError } from '../cli-error.js';
import { EXIT, type ExitCode } from '../exit-codes.js';

/** What came of one id: an answer, or why there is none. */
export interface Tried<T> {
  id: string;
  answer?: T;
  fault?: string;
}

/** Asks for each id in turn. One that is refused keeps no other from being tried; the first refusal is the exit code. */
export async function oneByOne<T>(
  ids: readonly string[],
  ask: (id: string) => Promise<T>,
): Promise<{ tried: Tried<T>[]; exitCode: ExitCode }> {
  const tried: Tried<T>[] = [];
  let exitCode: ExitCode = EXIT.ok;
  for (const id of ids) {
    try {
      tried.push({ id, answer: await ask(id) });
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      tried.push({ id, fault: error.message });
      if (exitCode === EXIT.ok) exitCode = error.exitCode;
    }
  }
  return { tried, exitCode };
}
