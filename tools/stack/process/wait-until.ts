import { readFileSync } from 'node:fs';
import { StackError } from '../stack-error.ts';
import { type Supervised } from './supervise.ts';

/** @throws StackError with the end of its log, when the process ends first or takes longer than the limit */
export async function waitUntilReady(
  service: Supervised,
  ready: () => Promise<boolean>,
  { timeoutMs = 60_000, everyMs = 100 }: { timeoutMs?: number; everyMs?: number } = {},
): Promise<void> {
  let end: string | undefined;
  void service.ended.then((reason) => (end = reason));
  for (const deadline = Date.now() + timeoutMs; Date.now() < deadline; await pause(everyMs)) {
    if (end !== undefined) throw new StackError(`${service.name} ${end} before it was ready`, lastLines(service.log));
    if (await ready()) return;
  }
  throw new StackError(`${service.name} was not ready within ${timeoutMs / 1000} s`, lastLines(service.log));
}

/** The end of a log, for messages: what a program says before it gives up is mostly there. */
export function lastLines(log: string, lines = 12): string {
  try {
    const tail = readFileSync(log, 'utf8').trimEnd().split('\n').slice(-lines);
    return `the end of ${log}:\n${tail.map((line) => `  ${line.slice(0, 400)}`).join('\n')}`;
  } catch {
    return `no log at ${log}`;
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
