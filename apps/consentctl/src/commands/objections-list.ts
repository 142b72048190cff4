import { type Context } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { type Objection, objectionsOf } from '../http/objections.js';
import { table } from '../output/table.js';
import { type Report } from '../output/report.js';
import { orDash, plural } from '../output/words.js';

/** Reasoned objections: the open ones by the date of their reply, or the closed ones. */
export async function listObjections(
  { servers }: Context,
  { state, check }: { state: 'open' | 'closed'; check: boolean },
): Promise<Report> {
  const objections = await objectionsOf(servers.consent, state);
  const overdue = objections.filter((one) => one.overdue).length;
  const head = [
    'objection',
    'purpose',
    'received',
    'reply by',
    'promised',
    state === 'open' ? 'recorded by' : 'outcome',
  ];
  const text = [
    `${plural(objections.length, `${state} objection`)}, ${overdue} overdue`,
    ...(objections.length > 0 ? [table(head, objections.map(line))] : []),
  ].join('\n');
  return { json: { objections, overdue }, text, exitCode: check && overdue > 0 ? EXIT.incomplete : EXIT.ok };
}

const line = (one: Objection): string[] => [
  one.objectionId,
  one.purposeId,
  one.receivedAt,
  `${one.replyBy}${one.overdue ? ' OVERDUE' : ''}${one.extension ? ` (extended: ${one.extension.reason})` : ''}`,
  orDash(one.promisedBy),
  one.closed ? `${one.closed.outcome} by ${one.closed.by}` : one.recordedBy.join(', '),
];
