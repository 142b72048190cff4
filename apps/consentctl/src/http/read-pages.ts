import { CliError } from '../cli-error.js';
import { EXIT } from '../exit-codes.js';

/**
 * Reads a paged list to its end: a page shorter than `size` is the last. A server that answers the same page again is
 * at fault, and would otherwise be asked for ever.
 */
export async function readPages<T>(
  size: number,
  idOf: (row: T) => string,
  read: (after: string | undefined) => Promise<T[]>,
): Promise<T[]> {
  const all: T[] = [];
  let after: string | undefined;
  for (;;) {
    const page = await read(after);
    all.push(...page);
    const last = page.at(-1);
    if (last === undefined || page.length < size) return all;
    if (idOf(last) === after) {
      throw new CliError(EXIT.serverFault, `the server answers the page after ${after} with itself again`);
    }
    after = idOf(last);
  }
}
