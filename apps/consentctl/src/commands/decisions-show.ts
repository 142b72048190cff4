import { CliError } from '../cli-error.js';
import { type Context } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { answersOf, knownAnswers } from '../http/answers.js';
import { type Decision, decisionOf, decisionsOfSubject } from '../http/consent-service.js';
import { type Propagation, propagationOf, type SystemAnswer } from '../http/monitor.js';
import { effectsText } from '../output/answers.js';
import { table } from '../output/table.js';
import { type Report } from '../output/report.js';
import { duration, orDash, yesNo } from '../output/words.js';

/** One decision, and when each concerned system applied it. Of one that the ledger does not hold, what the topic has shown. */
export async function showDecision({ servers }: Context, decisionId: string): Promise<Report> {
  // The ledger last: what the topic has shown was in it before.
  const known = await knownAnswers(propagationOf(servers.monitor, decisionId).then((found) => [found]));
  const decision = await decisionOf(servers.consent, decisionId).catch(asFault);
  if (decision instanceof CliError) {
    const [seen] = known.seen;
    if (seen === undefined) throw decision;
    return showUnrecorded(servers, seen);
  }
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

const asFault = (error: unknown): CliError => {
  if (error instanceof CliError && error.exitCode === EXIT.notFound) return error;
  throw error;
};

/** A decision that the topic has shown and the ledger does not hold: beside the one that it holds with that version. */
async function showUnrecorded({ consent }: Context['servers'], seen: Propagation): Promise<Report> {
  const { decisionId, subjectId, version, purposeId, scopeId, systems: answers } = seen;
  const ledger = subjectId === undefined ? [] : await decisionsOfSubject(consent, subjectId).catch(noneOfIt);
  const held = ledger.find((decision) => decision.version === version);
  const lines = [
    `Decision   ${decisionId}, version ${version} of subject ${orDash(subjectId)}`,
    `About      ${orDash(purposeId)}, ${orDash(scopeId)}`,
    `Ledger     does not hold it${held ? `; its version ${version} of the subject is ${held.decisionId}` : ''}`,
    '',
    answers.length === 0 ? 'Concerns no system' : systems(answers),
  ];
  const json = { ...seen, answers, recorded: false, heldDecisionId: held?.decisionId ?? null };
  return { json, text: lines.join('\n'), exitCode: EXIT.incomplete };
}

const noneOfIt = (error: unknown): [] => {
  asFault(error);
  return [];
};

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
