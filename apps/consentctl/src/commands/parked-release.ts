import { type SystemId } from '@consent/events';
import { CliError } from '../cli-error.js';
import { type Context } from '../context.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { release } from '../http/system-ops.js';
import { type Report } from '../output/report.js';

/** Applies parked decisions again, one after the other. One that fails does not keep the next from being tried. */
export async function releaseParked({ servers }: Context, system: SystemId, ids: readonly string[]): Promise<Report> {
  const results: { id: string; released: boolean; answer?: unknown; fault?: string }[] = [];
  let exitCode: ExitCode = EXIT.ok;
  for (const id of ids) {
    try {
      results.push({ id, released: true, answer: await release(servers.system(system), id) });
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      results.push({ id, released: false, fault: error.message });
      exitCode = exitCode === EXIT.ok ? error.exitCode : exitCode;
    }
  }
  const text = results.map(({ id, fault }) => (fault ? `${id} not released: ${fault}` : `${id} released`)).join('\n');
  return { json: { system, results }, text, exitCode };
}
