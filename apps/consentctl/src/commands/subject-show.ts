import { mayPass } from '../cli-error.js';
import { type Context } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { type Decision, decisionsOfSubject } from '../http/consent-service.js';
import { type Propagation, propagationOfSubject, type SystemAnswer } from '../http/monitor.js';
import { answersText } from '../output/answers.js';
import { table } from '../output/table.js';
import { type Report } from '../output/report.js';
import { plural, yesNo } from '../output/words.js';

/**
 * Every decision of one person, newest last, with every concerned system's answer. When the monitor gives no answer the
 * history is shown all the same, the answers are unknown, and the report counts as incomplete.
 */
export async function showSubject({ servers }: Context, subjectId: string): Promise<Report> {
  const [decisions, answers] = await Promise.all([
    decisionsOfSubject(servers.consent, subjectId),
    knownTo(propagationOfSubject(servers.monitor, subjectId)),
  ]);
  const of = new Map(answers.propagation.map((p) => [p.decisionId, p.systems]));
  const json = {
    subjectId,
    monitor: answers.fault ?? 'answered',
    decisions: decisions.map((d) => ({ ...d, answers: answersOf(d, of) })),
  };
  const rows = decisions.map((d) => row(d, answersOf(d, of)));
  const lines = [
    `Subject ${subjectId}: ${plural(decisions.length, 'decision')}`,
    table(['version', 'decided', 'purpose', 'scope', 'status', 'permission', 'systems'], rows),
    ...(answers.fault ? [`Answers of the systems are unknown: ${answers.fault}`] : []),
  ];
  return { json, text: lines.join('\n'), exitCode: answers.fault ? EXIT.incomplete : EXIT.ok };
}

async function knownTo(asked: Promise<Propagation[]>): Promise<{ propagation: Propagation[]; fault?: string }> {
  try {
    return { propagation: await asked };
  } catch (error) {
    if (!mayPass(error)) throw error;
    return { propagation: [], fault: (error as Error).message };
  }
}

/** Systems that the decision concerns and of which the monitor knows nothing are `unknown`, never left out. */
function answersOf(decision: Decision, known: ReadonlyMap<string, SystemAnswer[]>): SystemAnswer[] {
  const answers = known.get(decision.decisionId) ?? [];
  const heard = new Set(answers.map(({ systemId }) => systemId));
  const silent = decision.systems.filter(({ systemId }) => !heard.has(systemId));
  return [...answers, ...silent.map(({ systemId }) => ({ systemId, state: 'unknown' }))];
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
