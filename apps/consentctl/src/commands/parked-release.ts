import { type SystemId } from '@consent/events';
import { type Context } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { type Released, release } from '../http/system-ops.js';
import { releasedText, stillParked } from '../output/released.js';
import { type Report } from '../output/report.js';
import { oneByOne, type Tried } from './one-by-one.js';

/** Applies parked decisions again, one after the other. One that fails keeps no other from being tried. */
export async function releaseParked({ servers }: Context, system: SystemId, ids: readonly string[]): Promise<Report> {
  const { tried, exitCode } = await oneByOne(ids, (id) => release(servers.system(system), id));
  const again = tried.some(({ answer = [] }) => stillParked(answer));
  return {
    json: { system, results: tried.map(({ answer = [], ...rest }) => ({ ...rest, released: answer })) },
    text: tried.map(text).join('\n'),
    exitCode: exitCode === EXIT.ok && again ? EXIT.incomplete : exitCode,
  };
}

const text = ({ id, answer = [], fault }: Tried<Released>): string =>
  fault ? `${id} not released: ${fault}` : releasedText(answer);
