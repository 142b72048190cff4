import { createFolders, type Instance } from '../instance.ts';
import { StackError } from '../stack-error.ts';
import { endClosing } from './closing.ts';
import { OWNER_VARIABLE, stopLeftovers } from './leftovers.ts';
import { readPidFiles, removePidFile, stillRuns, writePidFile } from './pid-file.ts';

const LAUNCHER = 'launcher';

/**
 * Makes this process the launcher of the instance and stops what a killed one left running.
 * @param keep names of processes that go on
 * @returns what was stopped
 * @throws StackError when another launcher runs
 */
export async function claimInstance(instance: Instance, keep: readonly string[] = []): Promise<string[]> {
  createFolders(instance);
  endClosing(instance);
  if (actsForLauncher(instance)) return [];
  const other = readPidFiles(instance.pids).find(({ name }) => name === LAUNCHER);
  if (other && other.pid !== process.pid && stillRuns(other))
    throw new StackError(
      `The stack '${instance.name}' is already run by process ${other.pid}: press Ctrl-C there, or end it with \`kill ${other.pid}\``,
    );
  writePidFile(instance.pids, { name: LAUNCHER, pid: process.pid, marker: '', stopSignal: 'SIGTERM' });
  return stopLeftovers(instance, keep);
}

export function releaseInstance(instance: Instance): void {
  if (!actsForLauncher(instance)) removePidFile(instance.pids, LAUNCHER);
}

/** Whether the launcher started this process, such as a test that brings a killed broker back. */
export const actsForLauncher = (instance: Instance): boolean => process.env[OWNER_VARIABLE] === instance.dir;
