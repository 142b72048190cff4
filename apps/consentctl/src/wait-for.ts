import { setTimeout as pause } from 'node:timers/promises';
import { mayPass } from './cli-error.js';
import { type Context } from './context.js';

const EVERY_MS = 500;

export interface Waiting<T> {
  ask: () => Promise<T>;
  isOver: (answer: T) => boolean;
  /** How far it is, in a line. */
  progress: (answer: T) => string;
  /** Epoch ms. */
  deadline: number;
}

/**
 * Asks until it is over, or the deadline has passed: the last answer is returned either way. A server that is away for a
 * while is waited for. @throws CliError at the deadline, of a server that is away then
 */
export async function waitFor<T>(
  { now, note }: Pick<Context, 'now' | 'note'>,
  { ask, isOver, progress, deadline }: Waiting<T>,
): Promise<T> {
  let said = '';
  const say = (line: string): void => {
    if (line !== said) note(line);
    said = line;
  };
  for (;;) {
    try {
      const answer = await ask();
      say(progress(answer));
      if (isOver(answer) || now() >= deadline) return answer;
    } catch (error) {
      if (!mayPass(error) || now() >= deadline) throw error;
      say(`waiting: ${(error as Error).message}`);
    }
    await pause(EVERY_MS);
  }
}
