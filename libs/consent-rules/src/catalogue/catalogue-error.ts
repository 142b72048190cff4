import { spelt } from './unseen-characters.js';

/** One thing that is wrong in a catalogue file. */
export interface CatalogueFault {
  /** Path below the catalogue folder. */
  file: string;
  /** Of the purpose, system, notice or bundle; null where the fault is in no entry. */
  id: string | null;
  /** Dotted path inside the entry; empty for the entry or file itself. */
  field: string;
  /** What was found. */
  message: string;
  expected: string;
}

/** Everything that is wrong in a catalogue, so that one reading mends all of it. */
export class CatalogueError extends Error {
  override name = 'CatalogueError';

  readonly faults: readonly CatalogueFault[];

  constructor(found: readonly CatalogueFault[]) {
    const faults = found.map(readable);
    super(`The catalogue has ${faultCount(faults)}:\n${faults.map(line).join('\n')}`);
    this.faults = faults;
  }
}

/** In words: `1 fault`, `2 faults`. */
export const faultCount = ({ length }: readonly CatalogueFault[]): string =>
  `${length} ${length === 1 ? 'fault' : 'faults'}`;

const readable = ({ file, id, field, message, expected }: CatalogueFault): CatalogueFault => ({
  file: spelt(file),
  id: id === null ? null : spelt(id),
  field: spelt(field),
  message: spelt(message),
  expected: spelt(expected),
});

const line = ({ file, id, field, message, expected }: CatalogueFault): string =>
  `  ${[file, id, field].filter((part) => part !== null && part !== '').join(': ')}: ${message}, expected ${expected}`;
