import { followedBy } from './another-role.js';
import { oncePer } from './once-per.js';
import { isNew, openByDefault } from './permission-changes.js';
import { type Catalogue, type LedgerEntry, type Purpose, type SubjectView } from './types.js';

/** Purposes that may move, each with the ids of the scopes in which it may; null: in each that it reaches. */
export type Followers = ReadonlyMap<Purpose, ReadonlySet<string> | null>;

/**
 * What an act may move beside what it decides: what stands on that, directly or through others, and what is
 * open by default in a scope that the act is the first to name, which no system has heard of. Of a person with a thousand
 * lines a decision about one is looked at in this one: a purpose is opened or closed by another of its own level in the
 * same scope alone (`scopesFor`).
 * @param before the subject before the act
 */
export function followersOf(
  moved: readonly Pick<LedgerEntry, 'purposeId' | 'scope'>[],
  before: SubjectView,
  catalogue: Catalogue,
): Followers {
  const found = new Map<Purpose, Set<string> | null>();
  const add = (purpose: Purpose, scopeId: string | null): void => {
    const known = found.get(purpose);
    if (known === null || (scopeId !== null && known?.has(scopeId))) return;
    found.set(purpose, scopeId === null ? null : (known ?? new Set<string>()).add(scopeId));
    addFollowers(purpose, scopeId);
  };
  const addFollowers = (purpose: Purpose, scopeId: string | null): void => {
    for (const above of directlyAbove(catalogue.purposes).get(purpose.id) ?? [])
      add(above, above.scopeLevel === (purpose.scopeLevel ?? 'person') ? scopeId : null);
  };
  for (const { purposeId, scope } of moved) {
    const purpose = catalogue.purposes.get(purposeId);
    if (purpose !== undefined) addFollowers(purpose, scope.id);
    if (isNew(before, scope))
      for (const open of openByDefault(catalogue)) if (open.scopeLevel === scope.level) add(open, scope.id);
  }
  return found;
}

/** For each purpose, those that name it as what they stand on, or are the same thing under the role before or after. */
const directlyAbove = oncePer((purposes: Catalogue['purposes']) => {
  const found = new Map<string, Purpose[]>();
  for (const purpose of purposes.values())
    for (const id of followedBy({ purposes }, purpose)) found.set(id, [...(found.get(id) ?? []), purpose]);
  return found;
});
