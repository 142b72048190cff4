import { SYSTEMS } from '@consent/events';
import { type Servers } from '../config.js';
import { consumerReport } from './system-ops.js';

/** What the running build of a system says of purposes that name it anew. */
export interface Handling {
  systemId: string;
  purposes: readonly string[];
  /** Those it has no rule for; null when it gave no answer, or none about its purposes. */
  missing: readonly string[] | null;
}

/** Asks each system that a change names anew. One that does not answer is a finding, not an error. */
export const handlingOf = (
  servers: Servers,
  named: readonly { systemId: string; purposes: readonly string[] }[],
): Promise<Handling[]> =>
  Promise.all(
    named.map(async ({ systemId, purposes }) => {
      const known = await purposesOf(servers, systemId);
      return { systemId, purposes, missing: known && purposes.filter((id) => !known.includes(id)) };
    }),
  );

/** Whether all of them are known to have a rule for what names them. */
export const isHandled = (handling: readonly Handling[]): boolean =>
  handling.every(({ missing }) => missing?.length === 0);

async function purposesOf(servers: Servers, systemId: string): Promise<readonly string[] | null> {
  const id = SYSTEMS.find((system) => system === systemId);
  if (id === undefined) return null;
  try {
    return (await consumerReport(servers.system(id))).purposes ?? null;
  } catch {
    return null;
  }
}
