import { type SystemId } from '@consent/events';
import { type Context } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { IDS_A_REPLAY, orderReplay, type ReplayPlan, type Selection } from '../http/consent-service.js';
import { unacknowledged } from '../http/monitor.js';
import { table } from '../output/table.js';
import { type Report } from '../output/report.js';
import { plural } from '../output/words.js';
import { followReplay, goingOn } from './replays-show.js';

export interface ReplayRequest {
  system: SystemId;
  mode: 'redeliver' | 'repair';
  select: { unacknowledged: true } | Exclude<Selection, { decisionIds: string[] }>;
  dryRun: boolean;
  wait: boolean;
  timeoutMs: number;
}

/**
 * Delivers ledger decisions again to one system. The list is frozen when the replay is ordered. A long list of
 * unacknowledged decisions becomes several replays, oldest decisions first. Where nothing is selected, nothing is ordered.
 */
export async function replay(context: Context, request: ReplayRequest): Promise<Report> {
  const { system, mode, dryRun, wait } = request;
  const plans: ReplayPlan[] = [];
  for (const [part, select] of (await selections(context, request)).entries()) {
    if (!dryRun) context.goesOn(`part ${part}`, `a replay to ${system} may have been ordered`);
    const plan = await orderReplay(context.servers.consent, { system, mode, select, dryRun });
    plans.push(plan);
    if (plan.replayId !== null) context.goesOn(`part ${part}`, goingOn(plan.replayId));
    if (wait && plan.decisions > 0) context.note(describe(request, plan));
  }
  const ids = plans.flatMap(({ replayId }) => replayId ?? []);
  const nothing = nothingToReplay(request, plans);
  if (wait && ids.length > 0) return followAll(context, ids, request.timeoutMs);
  return {
    json: { system, mode, dryRun, replays: plans, nothingToReplay: nothing },
    text: nothing ?? text(request, plans, ids),
    exitCode: EXIT.ok,
  };
}

/** Why there is nothing to replay; null when there is something. */
function nothingToReplay({ system, select }: ReplayRequest, plans: readonly ReplayPlan[]): string | null {
  if (plans.some(({ decisions }) => decisions > 0)) return null;
  if ('unacknowledged' in select)
    return plans.length === 0
      ? `Nothing to replay: ${system} has acknowledged everything`
      : `Nothing to replay: the ledger holds none of the decisions that the monitor calls unacknowledged by ${system}`;
  return `Nothing to replay: the ledger holds no decision ${selected(select)} that concerns ${system}`;
}

function selected(select: Exclude<ReplayRequest['select'], { unacknowledged: true }>): string {
  if ('subject' in select) return `of subject ${select.subject}`;
  return 'purpose' in select ? `about ${select.purpose}` : `committed since ${select.since}`;
}

async function selections({ servers }: Context, { system, select }: ReplayRequest): Promise<Selection[]> {
  if (!('unacknowledged' in select)) return [select];
  const ids = await unacknowledged(servers.monitor, system);
  const parts = Math.ceil(ids.length / IDS_A_REPLAY);
  return Array.from({ length: parts }, (_, part) => ({
    decisionIds: ids.slice(part * IDS_A_REPLAY, (part + 1) * IDS_A_REPLAY),
  }));
}

/** One after the other, all within the one time limit; the worst exit code counts. */
async function followAll(context: Context, ids: readonly string[], timeoutMs: number): Promise<Report> {
  const deadline = context.now() + timeoutMs;
  const reports: Report[] = [];
  for (const id of ids) reports.push(await followReplay(context, id, Math.max(0, deadline - context.now())));
  return {
    json: { replays: reports.map(({ json }) => json) },
    text: reports.map((report) => report.text).join('\n'),
    exitCode: reports.find(({ exitCode }) => exitCode !== EXIT.ok)?.exitCode ?? EXIT.ok,
  };
}

function text(request: ReplayRequest, plans: readonly ReplayPlan[], ids: readonly string[]): string {
  const next = request.dryRun
    ? ['Nothing was sent.']
    : ids.map((id) => `Follow and verify it: consentctl replays show ${id} --wait`);
  return [...plans.map((plan) => describe(request, plan)), ...next].join('\n');
}

function describe({ system, mode }: ReplayRequest, plan: ReplayPlan): string {
  const counts = `${plural(plan.decisions, 'decision')} of ${plural(plan.subjects, 'subject')}`;
  const name = plan.replayId === null ? 'Dry run' : `Replay ${plan.replayId}`;
  const rows = Object.entries(plan.perPurpose).map(([purpose, count]) => [purpose, String(count)]);
  const head = `${name}: ${counts} to ${system}, mode ${mode}`;
  return rows.length === 0 ? head : `${head}\n${table(['purpose', 'decisions'], rows)}`;
}
