import { SYSTEMS } from '@consent/events';
import { CliError } from '../cli-error.js';
import { type Context } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { replayRunOf, type ReplayRun } from '../http/consent-service.js';
import { type Report } from '../output/report.js';
import { verificationText } from '../output/verification.js';
import { replayedDecisions } from '../replay/replayed-decisions.js';
import { verifyReplay } from '../replay/verify-replay.js';
import { waitFor } from '../wait-for.js';

/** How far a replay is. */
export async function showReplay({ servers }: Context, replayId: string): Promise<Report> {
  const run = await replayRunOf(servers.consent, replayId);
  return { json: { replayId, ...run }, text: describe(replayId, run), exitCode: EXIT.ok };
}

/** Said when the command is interrupted. */
export const goingOn = (replayId: string): string =>
  `replay ${replayId} goes on: consentctl replays show ${replayId} --wait`;

/** Waits for a replay, then verifies that the system's effective state is what the ledger says. */
export async function followReplay(context: Context, replayId: string, timeoutMs: number): Promise<Report> {
  const { servers, now, note } = context;
  context.goesOn(replayId, goingOn(replayId));
  const deadline = now() + timeoutMs;
  const run = await waitFor(context, {
    ask: () => replayRunOf(servers.consent, replayId),
    isOver: ({ state }) => state === 'done',
    progress: ({ state, enqueued, planned }) =>
      `replay ${replayId}: ${state}, ${enqueued} of ${planned} in the bulk lane`,
    deadline,
  });
  const report = { replayId, ...run };
  if (run.state !== 'done') {
    const next = `Not through in time. It goes on; ask again with: consentctl replays show ${replayId} --wait`;
    return {
      json: { ...report, verified: null },
      text: `${describe(replayId, run)}\n${next}`,
      exitCode: EXIT.incomplete,
    };
  }
  const system = SYSTEMS.find((id) => id === run.system);
  if (!system) throw new CliError(EXIT.serverFault, `replay ${replayId} is to '${run.system}', which is no system`);
  note(`replay ${replayId}: published; verifying ${system} against the ledger`);
  const ids = await replayedDecisions(servers.consent, replayId, run);
  const verified = await verifyReplay({ consent: servers.consent, system: servers.system(system), ids, deadline, now });
  return {
    json: { ...report, verified },
    text: `${describe(replayId, run)}\n${verificationText(system, verified)}`,
    exitCode: verified.differences.length === 0 ? EXIT.ok : EXIT.incomplete,
  };
}

const describe = (replayId: string, run: ReplayRun): string =>
  `Replay ${replayId} to ${run.system}, mode ${run.mode}: ${run.state}, ${run.enqueued} of ${run.planned} sent to the bulk lane`;
