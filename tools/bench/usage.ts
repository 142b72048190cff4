import { readFileSync } from 'node:fs';

const TICKS_A_SECOND = 100;

/** CPU seconds of each named process since it started, children of PostgreSQL included, and of the whole machine. */
export interface CpuReading {
  at: number;
  seconds: Map<string, number>;
  machine: number;
}

export function readCpu(pids: ReadonlyMap<string, number>): CpuReading {
  const seconds = new Map([...pids].map(([name, pid]) => [name, cpuSeconds(pid)]));
  const own = process.cpuUsage();
  seconds.set('load (this process)', (own.user + own.system) / 1e6);
  const [, user, nice, system, , , irq, softirq] = (readFileSync('/proc/stat', 'utf8').split('\n')[0] ?? '').split(
    /\s+/,
  );
  const machine = [user, nice, system, irq, softirq].reduce((sum, ticks) => sum + Number(ticks), 0) / TICKS_A_SECOND;
  return { at: performance.now(), seconds, machine };
}

/** Cores used by each process between two readings, most first, and by everything else on the machine. */
export function coresUsed(from: CpuReading, to: CpuReading): { name: string; cores: number }[] {
  const wall = (to.at - from.at) / 1000;
  const used = [...to.seconds].map(([name, now]) => ({ name, cores: (now - (from.seconds.get(name) ?? 0)) / wall }));
  const ours = used.reduce((sum, { cores }) => sum + cores, 0);
  used.push({ name: 'others on this machine', cores: (to.machine - from.machine) / wall - ours });
  return used.sort((a, b) => b.cores - a.cores);
}

/** Of the pipeline alone: what makes the load and what does not belong to it left out. */
export const pipelineCores = (used: readonly { name: string; cores: number }[]): number =>
  used.filter(({ name }) => !/^(load|others)/.test(name)).reduce((sum, { cores }) => sum + cores, 0);

function cpuSeconds(pid: number): number {
  const own = fields(pid);
  let ticks = own.slice(11, 15).reduce((sum, n) => sum + n, 0);
  // A backend of PostgreSQL counts for its parent only once it has ended.
  for (const child of children(pid)) {
    try {
      const [user = 0, system = 0] = fields(child).slice(11, 13);
      ticks += user + system;
    } catch {
      // Ended since it was listed: the parent has it now.
    }
  }
  return ticks / TICKS_A_SECOND;
}

const fields = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ')
    .map(Number);

const children = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);

/** MiB resident: now and at its peak. */
export function memory(pid: number): { now: number; peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const mib = (key: string): number =>
    Math.round(Number(new RegExp(`^${key}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0) / 1024);
  return { now: mib('VmRSS'), peak: mib('VmHWM') };
}
