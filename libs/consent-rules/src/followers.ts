import { isNew, openByDefault } from './permission-changes.js';
import { type Catalogue, type LedgerEntry, type Purpose, type SubjectView } from './types.js';

/**
 * The purposes that an act may move beside those it decides: what stands on them, directly or through others, and what is
 * open by default in a scope that the act is the first to name, which no system has heard of.
 * @param before the subject before the act
 */
export function followersOf(
  moved: readonly Pick<LedgerEntry, 'purposeId' | 'scope'>[],
  before: SubjectView,
  catalogue: Catalogue,
): ReadonlySet<Purpose> {
  const newLevels = new Set(moved.filter(({ scope }) => isNew(before, scope)).map(({ scope }) => scope.level));
  const found = new Set(
    openByDefault(catalogue).filter(({ scopeLevel }) => scopeLevel !== null && newLevels.has(scopeLevel)),
  );
  const ids = [...moved.map(({ purposeId }) => purposeId), ...[...found].map(({ id }) => id)];
  for (let id = ids.pop(); id !== undefined; id = ids.pop())
    for (const purpose of catalogue.dependants.get(id) ?? [])
      if (!found.has(purpose)) {
        found.add(purpose);
        ids.push(purpose.id);
      }
  return found;
}
