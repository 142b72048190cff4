import { type Context } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { answersOf, knownAnswers } from '../http/answers.js';
import { type Decision, decisionOf } from '../http/consent-service.js';
import { propagationOf, type SystemAnswer } from '../http/monitor.js';
import { effectsText } from '../output/answers.js';
import { table } from '../output/table.js';
import { type Report } from '../output/report.js';
import { duration, orDash, yesNo } from '../output/words.js';

/** One decision, and when each concerned system applied it. */
export async function showDecision({ servers }: Context, decisionId: string): Promise<Report> {
  const [decision, known] = await Promise.all([
    decisionOf(servers.consent, decisionId),
    knownAnswers(propagationOf(servers.monitor, decisionId).then((found) => [found])),
  ]);
  const answers = answersOf(decision, known);
  const lines = [
    describe(decision),
    answers.length === 0 ? 'Concerns no system' : systems(answers),
    ...(known.fault ? [`What the systems answered is unknown: ${known.fault}`] : []),
  ];
  return {
    json: { ...decision, answers, unknown: known.fault ?? null },
    text: lines.join('\n'),
    exitCode: known.fault ? EXIT.incomplete : EXIT.ok,
  };
}

const describe = ({ scope, permission, ...decision }: Decision): string =>
  [
    `Decision   ${decision.decisionId}, version ${decision.version} of subject ${decision.subjectId}`,
    `About      ${decision.purposeId}, ${scope.level} ${scope.id}`,
    `Status     ${decision.status}${decision.effective ? '' : ' (kept as evidence, without effect)'}`,
    `Permission ${yesNo(permission.allowed)}: ${permission.reason}`,
    `Decided    ${decision.decidedAt}, committed ${decision.committedAt}`,
    '',
  ].join('\n');

const systems = (answers: readonly SystemAnswer[]): string =>
  table(
    ['system', 'state', 'applied (its claim)', 'acknowledged', 'lag', 'apply by', 'effects'],
    answers.map((s) => [
      s.systemId,
      s.state,
      orDash(s.appliedAt),
      orDash(s.acknowledgedAt),
      duration(s.lagMs),
      orDash(s.applyBy),
      effectsText(s) || '–',
    ]),
  );
