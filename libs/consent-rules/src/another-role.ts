import { isOpening } from './direction.js';
import { oncePer } from './once-per.js';
import { decidedIn } from './permission.js';
import {
  type Catalogue,
  type NoLookup,
  type Purpose,
  type Scope,
  type SubjectView,
  type TripleState,
} from './types.js';

type Purposes = Pick<Catalogue, 'purposes'>;

/** The purposes that are the same thing under the role before or after: those it continues, and those that continue it (C42). */
const underAnotherRole = ({ purposes }: Purposes, purposeId: string): readonly string[] =>
  neighbours(purposes).get(purposeId) ?? [];

/** The purposes that one follows: what it stands on, and what is the same thing under another role. */
export const followedBy = (catalogue: Purposes, { id, dependsOn }: Purpose): readonly string[] => [
  ...dependsOn,
  ...underAnotherRole(catalogue, id),
];

const neighbours = oncePer((purposes: ReadonlyMap<string, Purpose>) => {
  const found = new Map<string, string[]>();
  const add = (id: string, other: string) => found.set(id, [...(found.get(id) ?? []), other]);
  for (const { id, continues } of purposes.values())
    for (const earlier of continues) {
      add(id, earlier);
      add(earlier, id);
    }
  return found;
});

/** Answers "when was the newest no said that stands on the same thing under another role?" in a scope (C42). */
export const noesOf =
  (view: SubjectView, catalogue: Purposes, scope: Scope): NoLookup =>
  (purposeId) =>
    newest(noesReaching(view, catalogue, scope, purposeId, []));

/** The purposes next to one, under another role, from which a no reaches it; itself, or one further on. */
export const refusedNextTo = (view: SubjectView, catalogue: Purposes, scope: Scope, purposeId: string): string[] =>
  noesReaching(view, catalogue, scope, purposeId, []).map(({ id }) => id);

interface No {
  id: string;
  at: number;
}

/** @param behind those the question comes from: nobody is asked twice */
function noesReaching(
  view: SubjectView,
  catalogue: Purposes,
  scope: Scope,
  purposeId: string,
  behind: readonly string[],
): No[] {
  return underAnotherRole(catalogue, purposeId).flatMap((id) => {
    if (behind.includes(id)) return [];
    const beyond = newest(noesReaching(view, catalogue, scope, id, [...behind, purposeId]));
    const at = noStanding(stateOf(view, id, scope), beyond);
    return at === null ? [] : [{ id, at }];
  });
}

/** The person's own no to a purpose, or one to what lies beyond it, unless the person said yes to this one since. */
function noStanding(state: TripleState | null, beyond: number | null): number | null {
  const own = state?.saidNoAt ?? null;
  if (own !== null) return Math.max(own, beyond ?? -Infinity);
  const decided = decidedIn(state);
  const saidYes = decided !== null && isOpening(decided.status) && decided.decidedAt > (beyond ?? -Infinity);
  return saidYes ? null : beyond;
}

const newest = (noes: readonly No[]): number | null =>
  noes.length === 0 ? null : Math.max(...noes.map(({ at }) => at));

const stateOf = ({ states }: SubjectView, purposeId: string, { id }: Scope): TripleState | null =>
  states.find((held) => held.purposeId === purposeId && held.scope.id === id)?.state ?? null;
