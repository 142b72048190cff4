import { type PidRecord, stillRuns } from './pid-file.ts';

const KILL_AFTER_MS = 20_000;

/** Asks with its stop signal, insists after 20 s, and returns when the process is gone. */
export async function stopProcess(record: PidRecord, killAfterMs = KILL_AFTER_MS): Promise<void> {
  if (!stillRuns(record)) return;
  signal(record.pid, record.stopSignal);
  // A stopped process (SIGSTOP) would never see the signal.
  signal(record.pid, 'SIGCONT');
  if (await gone(record, killAfterMs)) return;
  signal(record.pid, 'SIGKILL');
  if (!(await gone(record, KILL_AFTER_MS)))
    throw new Error(`${record.name} (process ${record.pid}) does not end, not even by SIGKILL`);
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function gone(record: PidRecord, withinMs: number): Promise<boolean> {
  for (const end = Date.now() + withinMs; Date.now() < end; await pause(25)) if (!stillRuns(record)) return true;
  return !stillRuns(record);
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
