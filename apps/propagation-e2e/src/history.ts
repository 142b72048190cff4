import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { type HistoryLine } from './checker/evidence.js';

/** What clients saw, a JSON line each, on disk as soon as it is known. */
export interface HistoryFile {
  write(line: HistoryLine): void;
  read(): HistoryLine[];
}

export function historyFile(path: string): HistoryFile {
  writeFileSync(path, '');
  return {
    write: (line) => appendFileSync(path, `${JSON.stringify(line)}\n`),
    read: () =>
      readFileSync(path, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as HistoryLine),
  };
}
