import { type SystemId } from '@consent/events';
import { type Context } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { redrive, redriveAll, type Released } from '../http/system-ops.js';
import { releasedText, stillParked } from '../output/released.js';
import { type Report } from '../output/report.js';
import { plural } from '../output/words.js';

/** Those named, those parked for one reason, or all (reason null). */
export type ToRedrive = { ids: readonly string[] } | { reason: string | null };

/** Sends parked decisions through the system again. Exit code 1 when one failed again. */
export async function redriveParked({ servers }: Context, system: SystemId, which: ToRedrive): Promise<Report> {
  const server = servers.system(system);
  if ('reason' in which) {
    const { tried, released, parked } = await redriveAll(server, which.reason);
    const text = `${plural(tried, 'parked decision')} of ${system} sent again: ${released} through, ${parked} parked again`;
    return { json: { system, tried, released, parked }, text, exitCode: parked > 0 ? EXIT.incomplete : EXIT.ok };
  }
  const released: Released = [];
  for (const id of which.ids) released.push(...(await redrive(server, id)));
  return {
    json: { system, results: released },
    text: releasedText(released),
    exitCode: stillParked(released) ? EXIT.incomplete : EXIT.ok,
  };
}
