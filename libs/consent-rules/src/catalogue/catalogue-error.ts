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

  constructor(readonly faults: readonly CatalogueFault[]) {
    super(`The catalogue has ${faults.length} fault(s):\n${faults.map(line).join('\n')}`);
  }
}

const line = ({ file, id, field, message, expected }: CatalogueFault): string =>
  `  ${[file, id, field].filter((part) => part !== null && part !== '').join(': ')}: ${message}, expected ${expected}`;
