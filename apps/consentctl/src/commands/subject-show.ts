import { type Context } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { answersOf, knownAnswers } from '../http/answers.js';
import { type Decision, decisionsOfSubject } from '../http/consent-service.js';
import { propagationOfSubject, type SystemAnswer } from '../http/monitor.js';
import { answersText } from '../output/answers.js';
import { table } from '../output/table.js';
import { type Report } from '../output/report.js';
import { unrecordedOf, unrecordedText } from '../output/unrecorded.js';
import { plural, yesNo } from '../output/words.js';

/**
 * Every decision of one person, newest last, with every concerned system's answer. When the monitor gives no answer the
 * history is shown all the same, the answers are unknown, and the report counts as incomplete. So it does when the topic has
 * shown a decision that the ledger does not hold, such as one of two with the same version.
 */
export async function showSubject({ servers }: Context, subjectId: string): Promise<Report> {
  // The ledger last: what the topic has shown was in it before.
  const known = await knownAnswers(propagationOfSubject(servers.monitor, subjectId));
  const decisions = await decisionsOfSubject(servers.consent, subjectId);
  const shown = decisions.map((decision) => ({ ...decision, answers: answersOf(decision, known) }));
  const unrecorded = unrecordedOf(known.seen, decisions);
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
    ...(unrecorded.length > 0 ? [unrecordedText(unrecorded, decisions)] : []),
    ...(known.fault ? [`What the systems answered is unknown: ${known.fault}`] : []),
  ];
  return {
    json: { subjectId, decisions: shown, unrecorded, unknown: known.fault ?? null },
    text: lines.join('\n'),
    exitCode: known.fault || unrecorded.length > 0 ? EXIT.incomplete : EXIT.ok,
  };
}

function row(decision: Decision, answers: SystemAnswer[]): string[] {
  const { scope, permission } = decision;
  return [
    String(decision.version),
    decidedIn(decision),
    decision.purposeId,
    scope.level === 'person' ? 'person' : `${scope.level} ${scope.id}`,
    [decision.status, ...bracketed(decision)].join(' '),
    `${yesNo(permission.allowed)}: ${permission.reason}`,
    answersText(answers),
  ];
}

/** A no that says it is of the future counts from its reception. */
const decidedIn = ({ decidedAt, receivedAt }: Decision): string =>
  Date.parse(decidedAt) > Date.parse(receivedAt) ? `${decidedAt} (received ${receivedAt})` : decidedAt;

/** What the status alone would mislead about: an entry that no person made repeats the status that was in force. */
const bracketed = ({ cause, effective }: Decision): string[] => [
  ...(cause === 'person' ? [] : [`(by ${cause})`]),
  ...(effective ? [] : ['(evidence only)']),
];
