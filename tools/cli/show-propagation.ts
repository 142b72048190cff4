import { setTimeout as pause } from 'node:timers/promises';
import { type Supervised } from '../stack/process/supervise.ts';
import { type PlatformContext } from '../stack/services/service-tasks.ts';
import { type RunningService } from '../stack/services/start-services.ts';
import { propagationTable } from './propagation-table.ts';
import { askSystems } from './systems-answer.ts';

const EVERY_MS = 2_000;
const UNKNOWN = 'The monitor does not answer: what the systems did is unknown.';

export interface Shown {
  platform: PlatformContext;
  signal: AbortSignal;
  /** A line above the table: what is being fed. */
  headline: () => string;
}

/** Prints the propagation table every two seconds until the signal; on a terminal each replaces the one before. */
export async function showPropagation({ platform, signal, headline }: Shown): Promise<void> {
  const monitor = urlOf(platform.services, 'propagation-monitor');
  let height = 0;
  const ended = watchEnds(platform.processes, signal, () => (height = 0));
  const print = async (): Promise<void> => {
    const systems = await askSystems(monitor);
    const body = systems ? propagationTable(systems, ended) : UNKNOWN;
    const text = `${headline()}\n${body}\n`;
    if (process.stdout.isTTY && height > 0) process.stdout.write(`\u001b[${height}A\u001b[J`);
    process.stdout.write(text);
    height = text.split('\n').length - 1;
  };
  while (!signal.aborted) {
    await print();
    await pause(EVERY_MS, undefined, { signal }).catch(() => {});
  }
  // How it stood in the end.
  await print();
}

export function urlOf(services: readonly RunningService[], name: string): string {
  const found = services.find(({ spec }) => spec.name === name);
  if (!found) throw new Error(`No service named ${name} was started`);
  return found.url;
}

/** Servers and services that ended by themselves, and how; each is also said once, with the place of its log. */
function watchEnds(
  processes: readonly Supervised[],
  signal: AbortSignal,
  onLine: () => void,
): ReadonlyMap<string, string> {
  const ended = new Map<string, string>();
  for (const { name, ended: end, log } of processes)
    void end.then((reason) => {
      if (signal.aborted) return;
      ended.set(name, 'ended');
      onLine();
      process.stderr.write(`${name} ${reason}; it is not started again: see ${log}\n`);
    });
  return ended;
}
