import { isDeepStrictEqual } from 'node:util';
import { type Catalogue, type SystemId } from '../types.js';

/** What was added to, removed from and changed in a list of the catalogue, in the order of the newer one. */
export interface Difference {
  added: string[];
  removed: string[];
  changed: { id: string; fields: { field: string; from: unknown; to: unknown }[] }[];
}

export interface CatalogueDifference extends Difference {
  from: string;
  to: string;
  /** By id, version and language. */
  notices: Difference;
  bundles: Difference;
  /** Their deadlines. */
  systems: Difference;
  /** By channel: the time there is to confirm a yes that comes over it. */
  confirmations: Difference;
  /** Systems, each with the purposes that name it anew. */
  named: { systemId: SystemId; purposes: string[] }[];
}

type Compared = Pick<Catalogue, 'version' | 'purposes' | 'notices' | 'bundles' | 'systems' | 'confirmWithin'>;

/** What a new version of the catalogue says otherwise, about its purposes first. */
export function diffCatalogues(from: Compared, to: Compared): CatalogueDifference {
  return {
    from: from.version,
    to: to.version,
    ...difference(from.purposes, to.purposes),
    notices: difference(byName(from.notices), byName(to.notices)),
    bundles: difference(from.bundles, to.bundles),
    systems: difference(from.systems, to.systems),
    confirmations: difference(confirmationsOf(from), confirmationsOf(to)),
    named: bySystem(newlyNamed(from, to)),
  };
}

/** The purposes that concern a system which they did not concern before, each with those systems. */
export function newlyNamed(
  from: Pick<Catalogue, 'purposes'>,
  to: Pick<Catalogue, 'purposes'>,
): Map<string, readonly SystemId[]> {
  const named = new Map<string, readonly SystemId[]>();
  for (const { id, systems } of to.purposes.values()) {
    const before = from.purposes.get(id)?.systems ?? [];
    const added = systems.filter((system) => !before.includes(system));
    if (added.length > 0) named.set(id, added);
  }
  return named;
}

/** The purposes that no longer concern a system which they concerned before, each with those systems. */
export const noLongerNamed = (
  from: Pick<Catalogue, 'purposes'>,
  to: Pick<Catalogue, 'purposes'>,
): Map<string, readonly SystemId[]> => new Map([...newlyNamed(to, from)].filter(([id]) => to.purposes.has(id)));

/** The purposes whose proofs are kept for another time than before (C04, C05); of those that are gone, as their consents end now. */
export const otherProofs = (from: Pick<Catalogue, 'purposes'>, to: Pick<Catalogue, 'purposes'>): ReadonlySet<string> =>
  new Set(
    [...from.purposes.keys(), ...to.purposes.keys()].filter((id) => {
      const [before, after] = [from.purposes.get(id), to.purposes.get(id)];
      return before?.proofRetention !== after?.proofRetention || before?.choiceModel !== after?.choiceModel;
    }),
  );

const bySystem = (named: ReadonlyMap<string, readonly SystemId[]>): CatalogueDifference['named'] =>
  [...new Set([...named.values()].flat())].map((systemId) => ({
    systemId,
    purposes: [...named].filter(([, systems]) => systems.includes(systemId)).map(([id]) => id),
  }));

/** Whether two versions say the same, whatever their files look like. */
export const isSame = ({ notices, bundles, systems, confirmations, ...purposes }: CatalogueDifference): boolean =>
  [purposes, notices, bundles, systems, confirmations].every(
    ({ added, removed, changed }) => added.length + removed.length + changed.length === 0,
  );

const confirmationsOf = ({ confirmWithin }: Compared) =>
  new Map([...confirmWithin].map(([channel, within]) => [channel, { confirmWithin: within }]));

const byName = (notices: Compared['notices']) =>
  new Map(notices.map((notice) => [`${notice.id} ${notice.version} ${notice.language}`, notice]));

function difference(from: ReadonlyMap<string, object>, to: ReadonlyMap<string, object>): Difference {
  const changed = [...to].flatMap(([id, now]) => {
    const before = from.get(id);
    const fields = before === undefined ? [] : changedFields(before, now);
    return fields.length === 0 ? [] : [{ id, fields }];
  });
  return {
    added: [...to.keys()].filter((id) => !from.has(id)),
    removed: [...from.keys()].filter((id) => !to.has(id)),
    changed,
  };
}

function changedFields(before: object, now: object): { field: string; from: unknown; to: unknown }[] {
  const [from, to] = [before, now] as [Record<string, unknown>, Record<string, unknown>];
  return [...new Set([...Object.keys(to), ...Object.keys(from)])]
    .filter((field) => !isDeepStrictEqual(from[field], to[field]))
    .map((field) => ({ field, from: from[field], to: to[field] }));
}
