import { type Context } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { decisionOf } from '../http/consent-service.js';
import { propagationOf } from '../http/monitor.js';
import { table } from '../output/table.js';
import { type Report } from '../output/report.js';
import { duration, orDash, yesNo } from '../output/words.js';

/** One decision, and when each concerned system applied it. */
export async function showDecision({ servers }: Context, decisionId: string): Promise<Report> {
  const [decision, propagation] = await Promise.all([
    decisionOf(servers.consent, decisionId),
    propagationOf(servers.monitor, decisionId),
  ]);
  const { scope, permission } = decision;
  const rows = propagation.systems.map((s) => [
    s.systemId,
    s.state,
    orDash(s.appliedAt),
    orDash(s.acknowledgedAt),
    duration(s.lagMs),
    orDash(s.applyBy),
    (s.effects ?? []).map(({ effect, count }) => `${effect}: ${count}`).join(', ') || '–',
  ]);
  const text = [
    `Decision   ${decision.decisionId}, version ${decision.version} of subject ${decision.subjectId}`,
    `About      ${decision.purposeId}, ${scope.level} ${scope.id}`,
    `Status     ${decision.status}${decision.effective ? '' : ' (kept as evidence, without effect)'}`,
    `Permission ${yesNo(permission.allowed)}: ${permission.reason}`,
    `Decided    ${decision.decidedAt}, committed ${decision.committedAt}`,
    '',
    table(['system', 'state', 'applied (its claim)', 'acknowledged', 'lag', 'apply by', 'effects'], rows),
  ].join('\n');
  return { json: { ...decision, propagation: propagation.systems }, text, exitCode: EXIT.ok };
}
