import { type SystemId } from '@consent/events';
import { type Context } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { redrive } from '../http/system-ops.js';
import { type Report } from '../output/report.js';

/** Sends parked decisions through the system again: those named, or all of them. */
export async function redriveParked(
  { servers }: Context,
  system: SystemId,
  which: readonly string[] | 'all',
): Promise<Report> {
  const server = servers.system(system);
  if (which === 'all') {
    const answer = await redrive(server);
    return { json: { system, answer }, text: `All parked decisions of ${system} are sent again`, exitCode: EXIT.ok };
  }
  const results: { id: string; answer: unknown }[] = [];
  for (const id of which) results.push({ id, answer: await redrive(server, id) });
  const text = results.map(({ id }) => `${id} is sent again`).join('\n');
  return { json: { system, results }, text, exitCode: EXIT.ok };
}
