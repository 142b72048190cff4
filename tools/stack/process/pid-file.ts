import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { identityOf } from './process-identity.ts';
import { writeAtomically } from '../write-atomically.ts';

/** A process that was started, and how to recognise and stop it. */
export interface PidRecord {
  name: string;
  pid: number;
  started: string;
  /** Part of the command line: a process without it is not ours, whatever its pid. */
  marker: string;
  stopSignal: NodeJS.Signals;
}

const fileOf = (dir: string, name: string): string => path.join(dir, `${name}.json`);

/** Records a running process. @returns false when nothing was written: it has ended, or is amid execve */
export function writePidFile(dir: string, record: Omit<PidRecord, 'started'>): boolean {
  const identity = identityOf(record.pid);
  if (identity) writeAtomically(fileOf(dir, record.name), JSON.stringify({ ...record, started: identity.started }));
  return identity !== undefined;
}

export function removePidFile(dir: string, name: string): void {
  rmSync(fileOf(dir, name), { force: true });
}

/** Every record of the folder; one that cannot be read is removed, as it was cut off in mid-write. */
export function readPidFiles(dir: string): PidRecord[] {
  if (!existsSync(dir)) return [];
  return readdirSync(dir)
    .filter((file) => file.endsWith('.json'))
    .flatMap((file) => {
      try {
        return [JSON.parse(readFileSync(path.join(dir, file), 'utf8')) as PidRecord];
      } catch {
        rmSync(path.join(dir, file), { force: true });
        return [];
      }
    });
}

/** Whether this very process still runs: same pid, same start, and the marker in its command line. */
export function stillRuns(record: PidRecord): boolean {
  const identity = identityOf(record.pid);
  return identity?.started === record.started && identity.commandLine.includes(record.marker);
}
