import { type Context } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { orderTransfer } from '../http/facts.js';
import { type Report } from '../output/report.js';
import { plural } from '../output/words.js';

/** A line, account, device or contact point passes to another holder. */
export async function transferScope(
  { servers }: Context,
  scopeId: string,
  body: { toSubjectId: string; brand?: string },
): Promise<Report> {
  const done = await orderTransfer(servers.consent, scopeId, body);
  const text = [
    `Scope ${done.scopeId} of subject ${done.fromSubjectId} has ended; ${plural(done.closed, 'permission')} closed`,
    `Scope ${done.newScopeId} of subject ${done.toSubjectId} begins, from the defaults`,
  ].join('\n');
  return { json: done, text, exitCode: EXIT.ok };
}
