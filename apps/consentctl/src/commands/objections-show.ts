import { type Context } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { complete, extend, type Objection, objectionOf } from '../http/objections.js';
import { type Report } from '../output/report.js';
import { orDash } from '../output/words.js';

/** One reasoned objection with its legal clocks. */
export const showObjection = async ({ servers }: Context, id: string): Promise<Report> =>
  report(await objectionOf(servers.consent, id));

/** All needed information is in: the date promised to the person counts from here. */
export const completeObjection = async ({ servers }: Context, id: string, at: string | undefined): Promise<Report> =>
  report(await complete(servers.consent, id, at));

/** Two more months, of which the person has been told. */
export const extendObjection = async (
  { servers }: Context,
  id: string,
  extension: { reason: string; notifiedAt: string | undefined },
): Promise<Report> => report(await extend(servers.consent, id, extension));

const report = (objection: Objection): Report => ({ json: objection, text: describe(objection), exitCode: EXIT.ok });

const describe = (one: Objection): string =>
  [
    `Objection ${one.objectionId} to ${one.purposeId}, ${one.scope.level} ${one.scope.id} of ${one.subjectId}`,
    `received   ${one.receivedAt}, recorded by ${one.recordedBy.join(', ')}`,
    `complete   ${orDash(one.completeAt)}`,
    `reply by   ${one.replyBy}${one.overdue ? ' OVERDUE' : ''}`,
    `promised   ${orDash(one.promisedBy)}`,
    ...(one.extension ? [`extended   ${one.extension.reason}, told on ${one.extension.notifiedAt}`] : []),
    one.closed
      ? `closed     ${one.closed.at}: ${one.closed.outcome} by ${one.closed.by}, ground ${orDash(one.closed.ground)}`
      : 'open       processing is restricted until it is answered',
  ].join('\n');
