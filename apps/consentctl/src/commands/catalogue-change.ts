import { type Context } from '../context.js';
import { EXIT } from '../exit-codes.js';
import {
  applyCatalogue,
  type CatalogueChange,
  catalogueChangeOf,
  type Handling,
  handlingOf,
  planCatalogue,
} from '../http/catalogue-changes.js';
import { changeText, isHandled } from '../output/catalogue-change.js';
import { type Report } from '../output/report.js';
import { catalogueFiles } from '../read-catalogue.js';
import { waitFor } from '../wait-for.js';

const GOING_ON = new Set<CatalogueChange['state']>(['planning', 'running', 'recorded']);

/** Has the service count what a new version would change for people, and ask the systems that it names anew. Nothing comes into force. */
export async function planChange(context: Context, dir: string, timeoutMs: number): Promise<Report> {
  const { changeId } = await planCatalogue(context.servers.consent, catalogueFiles(dir));
  const change = await follow(context, changeId, ['planning'], timeoutMs);
  return reportOf(change, await handlingOf(context.servers.consent, changeId));
}

export interface Applying {
  changeId: string;
  planHash: string;
  /** Why to apply it although a system is not known to have a rule for a purpose that names it anew; null: do not. */
  despite: string | null;
  wait: boolean;
  timeoutMs: number;
}

/**
 * Brings a planned version into force; with `wait`, until the broker has everything that follows from it. The service
 * refuses one for which a system is not known to have a rule.
 */
export async function applyChange(
  context: Context,
  { changeId, planHash, despite, wait, timeoutMs }: Applying,
): Promise<Report> {
  const applied = await applyCatalogue(context.servers.consent, changeId, planHash, despite);
  return reportOf(wait ? await follow(context, changeId, ['running', 'recorded'], timeoutMs) : applied);
}

/** How far a change is. */
export const showChange = async ({ servers }: Context, changeId: string): Promise<Report> =>
  reportOf(await catalogueChangeOf(servers.consent, changeId));

/** Asks until the change has left the states, or the time is over. The run is the service's: ending this command stops nothing. */
const follow = (
  context: Context,
  changeId: string,
  states: readonly CatalogueChange['state'][],
  timeoutMs: number,
): Promise<CatalogueChange> =>
  waitFor(context, {
    ask: () => catalogueChangeOf(context.servers.consent, changeId),
    isOver: ({ state }) => !states.includes(state),
    progress: ({ state, subjects }) => `change ${changeId}: ${state}, ${subjects} people`,
    deadline: context.now() + timeoutMs,
  });

const reportOf = (change: CatalogueChange, handling: Handling = []): Report => ({
  json: { ...change, handling },
  text: changeText(change, handling),
  exitCode:
    change.state === 'refused' || GOING_ON.has(change.state) || !isHandled(handling) ? EXIT.incomplete : EXIT.ok,
});
