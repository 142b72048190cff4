import { type Context } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { answersOf, knownAnswers } from '../http/answers.js';
import { type Decision, decisionsOfSubject } from '../http/consent-service.js';
import { propagationOfSubject, type SystemAnswer } from '../http/monitor.js';
import { answersText } from '../output/answers.js';
import { table } from '../output/table.js';
import { type Report } from '../output/report.js';
import { plural, yesNo } from '../output/words.js';

/**
 * Every decision of one person, newest last, with every concerned system's answer. When the monitor gives no answer the
 * history is shown all the same, the answers are unknown, and the report counts as incomplete.
 */
export async function showSubject({ servers }: Context, subjectId: string): Promise<Report> {
  const [decisions, known] = await Promise.all([
    decisionsOfSubject(servers.consent, subjectId),
    knownAnswers(propagationOfSubject(servers.monitor, subjectId)),
  ]);
  const shown = decisions.map((decision) => ({ ...decision, answers: answersOf(decision, known) }));
  const head = ['version', 'decided', 'purpose', 'scope', 'status', 'permission', 'systems'];
  const lines = [
    `Subject ${subjectId}: ${plural(decisions.length, 'decision')}`,
    ...(shown.length > 0
      ? [
          table(
            head,
            shown.map((decision) => row(decision, decision.answers)),
          ),
        ]
      : []),
    ...(known.fault ? [`What the systems answered is unknown: ${known.fault}`] : []),
  ];
  return {
    json: { subjectId, decisions: shown, unknown: known.fault ?? null },
    text: lines.join('\n'),
    exitCode: known.fault ? EXIT.incomplete : EXIT.ok,
  };
}

function row(decision: Decision, answers: SystemAnswer[]): string[] {
  const { scope, permission } = decision;
  return [
    String(decision.version),
    decision.decidedAt,
    decision.purposeId,
    scope.level === 'person' ? 'person' : `${scope.level} ${scope.id}`,
    decision.effective ? decision.status : `${decision.status} (evidence only)`,
    `${yesNo(permission.allowed)}: ${permission.reason}`,
    answersText(answers),
  ];
}
