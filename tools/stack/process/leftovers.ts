import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { type Instance } from '../instance.ts';
import { readPidFiles, removePidFile, stillRuns } from './pid-file.ts';
import { identityOf } from './process-identity.ts';
import { stopProcess } from './stop-process.ts';

/** In the environment of every process of an instance: its folder. */
export const OWNER_VARIABLE = 'CONSENT_INSTANCE';

/** The order in which processes end: those first that still need the others. */
const INFRASTRUCTURE = ['registry', 'kafka', 'postgres'];

/** What services stand on, and which ends after them. */
export const isInfrastructure = (name: string): boolean => INFRASTRUCTURE.includes(name);

/**
 * Stops what an earlier run left behind, in order: services, registry, broker, database. Pid files name them; on Linux
 * the environment of each process is looked at too, for one that was killed between start and pid file.
 * @returns the names of what was still running
 */
export async function stopLeftovers(instance: Instance, keep: readonly string[] = []): Promise<string[]> {
  const records = readPidFiles(instance.pids).filter(({ name }) => !keep.includes(name));
  const running = records.filter((record) => stillRuns(record) && record.pid !== process.pid);
  const rank = (name: string): number => INFRASTRUCTURE.indexOf(name);
  const stages = [-1, ...INFRASTRUCTURE.keys()].map((stage) => running.filter(({ name }) => rank(name) === stage));
  for (const stage of stages) await Promise.all(stage.map((record) => stopProcess(record)));
  for (const { name, pid } of records) if (pid !== process.pid) removePidFile(instance.pids, name);
  const kept = readPidFiles(instance.pids).map(({ pid }) => pid);
  const strays = straysOf(instance).filter((pid) => !kept.includes(pid));
  await Promise.all(strays.map((pid) => stopStray(pid)));
  return [...running.map(({ name }) => name), ...strays.map((pid) => `process ${pid}`)];
}

function straysOf(instance: Instance): number[] {
  if (!existsSync('/proc/self/environ')) return [];
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && Number(entry) !== process.pid)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`${OWNER_VARIABLE}=${instance.dir}`);
      } catch {
        return false;
      }
    })
    .map(Number);
}

async function stopStray(pid: number): Promise<void> {
  const identity = identityOf(pid);
  if (identity)
    await stopProcess({ name: `process ${pid}`, pid, started: identity.started, marker: '', stopSignal: 'SIGTERM' });
}
