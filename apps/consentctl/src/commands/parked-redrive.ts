import { type SystemId } from '@consent/events';
import { type Context } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { redrive, redriveAll } from '../http/system-ops.js';
import { releasedReport } from '../output/released.js';
import { type Report } from '../output/report.js';
import { plural } from '../output/words.js';
import { oneByOne } from './one-by-one.js';

/** Those named, those parked for one reason, or all (reason null). */
export type ToRedrive = { ids: readonly string[] } | { reason: string | null };

/** Sends parked decisions through the system again. One that fails keeps no other from being tried. Exit code 1 when one failed again. */
export async function redriveParked({ servers }: Context, system: SystemId, which: ToRedrive): Promise<Report> {
  const server = servers.system(system);
  if ('reason' in which) {
    const { tried, released, parked } = await redriveAll(server, which.reason);
    if (tried === 0 && which.reason !== null) {
      const text = `Nothing of ${system} is parked for '${which.reason}': parked list shows the reasons`;
      return { json: { system, tried, released, parked }, text, exitCode: EXIT.ok };
    }
    const text = `${plural(tried, 'parked decision')} of ${system} sent again: ${released} through, ${parked} parked again`;
    return { json: { system, tried, released, parked }, text, exitCode: parked > 0 ? EXIT.incomplete : EXIT.ok };
  }
  return releasedReport(system, await oneByOne(which.ids, (id) => redrive(server, id)));
}
