import { type SystemId } from '@consent/events';
import { type Context } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { redrive, type Released } from '../http/system-ops.js';
import { releasedText, stillParked } from '../output/released.js';
import { type Report } from '../output/report.js';

/** Sends parked decisions through the system again: those named, or all of them. Exit code 1 when one failed again. */
export async function redriveParked(
  { servers }: Context,
  system: SystemId,
  which: readonly string[] | 'all',
): Promise<Report> {
  const server = servers.system(system);
  const released: Released = [];
  if (which === 'all') released.push(...(await redrive(server)));
  else for (const id of which) released.push(...(await redrive(server, id)));
  return {
    json: { system, released },
    text: releasedText(released) || `Nothing is parked at ${system}`,
    exitCode: stillParked(released) ? EXIT.incomplete : EXIT.ok,
  };
}
