import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** What tells a process from another one that got the same pid later. */
export interface ProcessIdentity {
  /** Opaque; differs for every start of a process, also after a reboot. */
  started: string;
  commandLine: string;
}

/** Undefined when no such process runs; one that has ended and was not yet collected counts as not running. */
export function identityOf(pid: number): ProcessIdentity | undefined {
  return existsSync('/proc/self/stat') ? fromProc(pid) : fromPs(pid);
}

function fromProc(pid: number): ProcessIdentity | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name, in parentheses, may hold spaces and parentheses.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const commandLine = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    // Its memory is gone already: it is ending, and no signal reaches it any more.
    if (commandLine === '') return undefined;
    return { started: `${boot}/${fields[19] ?? ''}`, commandLine };
  } catch {
    return undefined;
  }
}

function fromPs(pid: number): ProcessIdentity | undefined {
  const ps = (column: string): string =>
    spawnSync('ps', ['-ww', '-o', `${column}=`, '-p', String(pid)], { encoding: 'utf8' }).stdout?.trim() ?? '';
  const started = ps('lstart');
  return started === '' || ps('stat').startsWith('Z') ? undefined : { started, commandLine: ps('command') };
}
