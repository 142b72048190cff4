import { type SystemId } from '@consent/events';
import { type Context } from '../context.js';
import { release } from '../http/system-ops.js';
import { releasedReport } from '../output/released.js';
import { type Report } from '../output/report.js';
import { oneByOne } from './one-by-one.js';

/** Applies parked decisions again, one after the other. One that fails keeps no other from being tried. */
export const releaseParked = async ({ servers }: Context, system: SystemId, ids: readonly string[]): Promise<Report> =>
  releasedReport(system, await oneByOne(ids, (id) => release(servers.system(system), id)));
