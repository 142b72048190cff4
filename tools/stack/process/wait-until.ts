import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../instance.ts';
import { StackError } from '../stack-error.ts';
import { cpuTimeOf } from './cpu-time.ts';
import { type Supervised } from './supervise.ts';

export interface Patience {
  /** A process that has done nothing for so long is waited for no more. */
  idleMs?: number;
  /** Nor is one that works, after this. */
  mostMs?: number;
  everyMs?: number;
}

/** Less CPU than this in the time it may idle is no work: a JVM that hangs still uses a little. */
const WORK_SECONDS = 0.5;

/**
 * Waits for as long as the process lives and works: on a machine with much else to do a start takes minutes.
 * @throws StackError in one line that says what to do, with the end of its log when the process has ended by itself
 */
export async function waitUntilReady(
  service: Supervised,
  ready: () => Promise<boolean>,
  { idleMs = 60_000, mostMs = 180_000, everyMs = 100 }: Patience = {},
): Promise<void> {
  let end: string | undefined;
  void service.ended.then((reason) => (end = reason));
  const began = Date.now();
  let worked = { at: began, cpu: cpuTimeOf(service.pid) };
  for (; ; await pause(everyMs)) {
    if (end !== undefined) throw new StackError(`${service.name} ${end} before it was ready`, lastLines(service));
    // What answers may be another program, when this one has just ended.
    if ((await ready()) && service.running()) return;
    const now = Date.now();
    const cpu = cpuTimeOf(service.pid);
    if (cpu === undefined || worked.cpu === undefined || cpu - worked.cpu >= WORK_SECONDS) worked = { at: now, cpu };
    if (now - worked.at >= idleMs)
      throw new StackError(
        `${service.name} was not ready and did nothing for ${idleMs / 1_000} s: see ${shortPath(service.log)}, and start again`,
      );
    if (now - began >= mostMs)
      throw new StackError(
        `${service.name} was not ready within ${mostMs / 1_000} s, though it works: the machine has too much else to do; start again when it has less, or see ${shortPath(service.log)}`,
      );
  }
}

/** What is waited for, and how it tells that it is ready. */
export interface Awaited {
  process: Supervised;
  ready: () => Promise<boolean>;
}

/** All are ready at the end: one that was so first may have ended while the last was waited for. @throws StackError */
export async function waitUntilAllReady(all: readonly Awaited[], patience: Patience = {}): Promise<void> {
  const eachOne = (): Promise<void[]> =>
    Promise.all(all.map(({ process, ready }) => waitUntilReady(process, ready, patience)));
  await eachOne();
  await eachOne();
}

/** The end of what a run wrote, for messages: what a program says before it gives up is mostly there. */
function lastLines({ log, logFrom }: Pick<Supervised, 'log' | 'logFrom'>, lines = 12): string {
  try {
    const tail = readFileSync(log).subarray(logFrom).toString().trimEnd().split('\n').slice(-lines);
    return `the end of ${shortPath(log)}:\n${tail.map((line) => `  ${line.slice(0, 400)}`).join('\n')}`;
  } catch {
    return `no log at ${shortPath(log)}`;
  }
}

/** From the checkout, where the file is in it. */
function shortPath(file: string): string {
  const short = path.relative(ROOT, file);
  return short.startsWith('..') ? file : short;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
