import { type SystemId } from '@consent/events';
import { type Context } from '../context.js';
import { discard, type Discarded } from '../http/system-ops.js';
import { type Report } from '../output/report.js';
import { plural } from '../output/words.js';
import { oneByOne, type Tried } from './one-by-one.js';

/** Sets aside parked records that are no decisions. The system refuses for a decision: those are released. */
export async function discardParked(
  { servers }: Context,
  system: SystemId,
  ids: readonly string[],
  { withoutCopy }: { withoutCopy: boolean },
): Promise<Report> {
  const { tried, exitCode } = await oneByOne(ids, (id) => discard(servers.system(system), id, withoutCopy));
  const results = tried.map(({ id, answer, fault }) =>
    answer ? { id, discarded: true, released: answer.released } : { id, discarded: false, released: 0, fault },
  );
  return { json: { system, results }, text: tried.map(text).join('\n'), exitCode };
}

function text({ id, answer, fault }: Tried<Discarded>): string {
  if (!answer) return `${id} not discarded: ${fault}`;
  const waited = answer.released > 0 ? `; ${plural(answer.released, 'decision')} that waited for it tried again` : '';
  return `${id} discarded${waited}`;
}
