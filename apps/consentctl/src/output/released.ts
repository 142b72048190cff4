import { type SystemId } from '@consent/events';
import { type Tried } from '../commands/one-by-one.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { type Released } from '../http/system-ops.js';
import { type Report } from './report.js';

/** How each id came out; exit code 1 when something failed again and nothing was refused. */
export function releasedReport(
  system: SystemId,
  { tried, exitCode }: { tried: readonly Tried<Released>[]; exitCode: ExitCode },
): Report {
  const again = tried.some(({ answer = [] }) => answer.some(({ outcome }) => outcome === 'parked'));
  return {
    json: { system, results: tried.map(({ answer = [], ...rest }) => ({ ...rest, released: answer })) },
    text: tried.map(text).join('\n'),
    exitCode: exitCode === EXIT.ok && again ? EXIT.incomplete : exitCode,
  };
}

const text = ({ id, answer = [], fault }: Tried<Released>): string =>
  fault
    ? `${id} not released: ${fault}`
    : answer.map((one) => `${one.id} ${one.outcome}${one.reason ? `: ${one.reason}` : ''}`).join('\n');
