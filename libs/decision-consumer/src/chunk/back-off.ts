import { setTimeout as wait } from 'node:timers/promises';

const FIRST_MS = 50;
const LONGEST_MS = 2_000;

/** Waits longer after each failed attempt, with jitter so that systems do not come back in step. Throws when stopped. */
export async function backOff(attempt: number, stopped: AbortSignal): Promise<void> {
  const limit = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 10));
  await wait(limit / 2 + Math.random() * (limit / 2), undefined, { signal: stopped });
}
