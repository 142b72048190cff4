import { setTimeout as pause } from 'node:timers/promises';
import { mayPass } from '../cli-error.js';
import { type Context } from '../context.js';
import { replayRunOf, type ReplayRun } from '../http/consent-service.js';

const EVERY_MS = 500;

/**
 * Waits until everything of the replay is published, or `deadline` has passed: the last answer is returned either way. A
 * server that is away for a while is waited for; the replay goes on when it is back.
 */
export async function waitForReplay(
  { servers, now, note }: Context,
  replayId: string,
  deadline: number,
): Promise<ReplayRun> {
  let last: ReplayRun | undefined;
  let said = '';
  for (;;) {
    try {
      const run = await replayRunOf(servers.consent, replayId);
      if (run.enqueued !== last?.enqueued || run.state !== last.state) {
        note(`replay ${replayId}: ${run.state}, ${run.enqueued} of ${run.planned} in the bulk lane`);
      }
      last = run;
      if (run.state === 'done') return run;
    } catch (error) {
      if (!mayPass(error) || now() >= deadline) throw error;
      const { message } = error as Error;
      if (message !== said) note(`waiting: ${message}`);
      said = message;
    }
    if (last && now() >= deadline) return last;
    await pause(EVERY_MS);
  }
}
