import { renameSync, writeFileSync } from 'node:fs';

/** The file is there with its whole content, or not at all: a reader never meets half of it, whatever is killed. */
export function writeAtomically(file: string, content: string, mode = 0o644): void {
  const half = `${file}.${process.pid}.half`;
  writeFileSync(half, content, { mode });
  renameSync(half, file);
}
