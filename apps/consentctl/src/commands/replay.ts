import { type SystemId } from '@consent/events';
import { type Context } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { orderReplay, type ReplayOrder, type ReplayPlan, type Selection } from '../http/consent-service.js';
import { unacknowledged } from '../http/monitor.js';
import { table } from '../output/table.js';
import { type Report } from '../output/report.js';
import { plural } from '../output/words.js';
import { followReplay } from './replays-show.js';

export interface ReplayRequest {
  system: SystemId;
  mode: 'redeliver' | 'repair';
  select: { unacknowledged: true } | Exclude<Selection, { decisionIds: string[] }>;
  dryRun: boolean;
  wait: boolean;
  timeoutMs: number;
}

/** Delivers ledger decisions again to one system. The list is frozen when the replay is ordered. */
export async function replay(context: Context, request: ReplayRequest): Promise<Report> {
  const { system, mode, dryRun } = request;
  const select = await freeze(context, request);
  if ('decisionIds' in select && select.decisionIds.length === 0) {
    const json = { system, mode, dryRun, decisions: 0, subjects: 0, perPurpose: {} };
    return { json, text: `${system} has acknowledged everything: nothing to replay`, exitCode: EXIT.ok };
  }
  const order: ReplayOrder = { system, mode, select, dryRun };
  const plan = await orderReplay(context.servers.consent, order);
  if (dryRun || plan.replayId === undefined) {
    return {
      json: { system, mode, ...plan, dryRun },
      text: `${describe(order, plan)}\nNothing was sent.`,
      exitCode: EXIT.ok,
    };
  }
  if (!request.wait) {
    const next = `Follow and verify it: consentctl replays show ${plan.replayId} --wait`;
    return { json: { system, mode, ...plan, dryRun }, text: `${describe(order, plan)}\n${next}`, exitCode: EXIT.ok };
  }
  context.note(describe(order, plan));
  return followReplay(context, plan.replayId, request.timeoutMs);
}

async function freeze({ servers }: Context, { system, select }: ReplayRequest): Promise<Selection> {
  return 'unacknowledged' in select ? { decisionIds: await unacknowledged(servers.monitor, system) } : select;
}

function describe({ system, mode, dryRun }: ReplayOrder, plan: ReplayPlan): string {
  const counts = `${plural(plan.decisions, 'decision')} of ${plural(plan.subjects, 'subject')}`;
  const name = dryRun ? 'Dry run' : `Replay ${plan.replayId}`;
  const rows = Object.entries(plan.perPurpose ?? {}).map(([purpose, count]) => [purpose, String(count)]);
  const head = `${name}: ${counts} to ${system}, mode ${mode}`;
  return rows.length === 0 ? head : `${head}\n${table(['purpose', 'decisions'], rows)}`;
}
