import { type SystemId } from '@consent/events';
import { CliError } from '../cli-error.js';
import { type Context } from '../context.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { type Released, release } from '../http/system-ops.js';
import { releasedText, stillParked } from '../output/released.js';
import { type Report } from '../output/report.js';

interface Result {
  id: string;
  released: Released;
  fault?: string;
}

/** Applies parked decisions again, one after the other. One that fails keeps no other from being tried. */
export async function releaseParked({ servers }: Context, system: SystemId, ids: readonly string[]): Promise<Report> {
  const results: Result[] = [];
  let exitCode: ExitCode = EXIT.ok;
  for (const id of ids) {
    try {
      const released = await release(servers.system(system), id);
      results.push({ id, released });
      if (stillParked(released) && exitCode === EXIT.ok) exitCode = EXIT.incomplete;
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      results.push({ id, released: [], fault: error.message });
      if (exitCode === EXIT.ok) exitCode = error.exitCode;
    }
  }
  return { json: { system, results }, text: results.map(text).join('\n'), exitCode };
}

const text = ({ id, released, fault }: Result): string =>
  fault ? `${id} not released: ${fault}` : releasedText(released);
