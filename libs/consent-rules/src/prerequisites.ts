import { noesOf } from './another-role.js';
import { oncePer } from './once-per.js';
import { decidedIn, permissionOf } from './permission.js';
import {
  type Catalogue,
  type OtherPurposes,
  type Permission,
  type PrerequisiteLookup,
  type Purpose,
  type Scope,
  type ScopeFacts,
  type SubjectFacts,
  type SubjectView,
  type TripleState,
} from './types.js';

type Purposes = Pick<Catalogue, 'purposes'>;

/** What a purpose of `scope` is told of the others of the subject. */
export const othersOf = (view: SubjectView, catalogue: Purposes, scope: Scope, now: number): OtherPurposes => ({
  prerequisites: prerequisitesOf(view, catalogue, scope, now),
  noUnderAnotherRole: noesOf(view, catalogue, scope),
});

/**
 * Answers "is this prerequisite allowed?" for a purpose of `scope`. A prerequisite of the same level is looked at in
 * the same scope, one of the person in the person; of any other level one scope of the subject with it open is enough:
 * who asks about the one at hand, asks of `seenFrom` it (C14, C62: nothing is linked on a device that refused).
 */
export function prerequisitesOf(view: SubjectView, catalogue: Purposes, scope: Scope, now: number): PrerequisiteLookup {
  return (purposeId) => {
    const purpose = catalogue.purposes.get(purposeId);
    if (purpose === undefined) return { allowed: false, nextChangeAt: null };
    const scopes = scopesFor(view, purpose, scope);
    return turnOf((at) => scopes.map((s) => permissionIn(view, catalogue, purpose, s, at)), now);
  };
}

/**
 * Whether one of several permissions is open, and the moment at which that turns round: while one takes over from another,
 * nothing does.
 */
function turnOf(permissionsAt: (at: number) => readonly Permission[], now: number): ReturnType<PrerequisiteLookup> {
  const isOpen = (found: readonly Permission[]): boolean => found.some(({ allowed }) => allowed);
  let found = permissionsAt(now);
  const allowed = isOpen(found);
  for (let at = now; ; found = permissionsAt(at)) {
    if (isOpen(found) !== allowed) return { allowed, nextChangeAt: at };
    const moments = found.filter((p) => p.allowed === allowed).map(({ nextChangeAt }) => nextChangeAt ?? Infinity);
    // Open until the last of those that are closes, closed until the first of them opens.
    const next = allowed ? Math.max(...moments) : Math.min(...moments, Infinity);
    if (next === Infinity || next <= at) return { allowed, nextChangeAt: null };
    at = next;
  }
}

/** The permission of a purpose in a scope, from all that is known of the subject. */
export const permissionIn = (view: SubjectView, catalogue: Purposes, purpose: Purpose, scope: Scope, now: number) =>
  permissionOf(
    purpose,
    decidedIn(stateIn(view, purpose.id, scope.id)),
    factsFor(view, scope),
    now,
    othersOf(view, catalogue, scope, now),
  );

export const stateIn = (view: SubjectView, purposeId: string, scopeId: string): TripleState | null =>
  (view.states.length > FEW ? (statesByScope(view).get(scopeId) ?? []) : view.states).find(
    (held) => held.purposeId === purposeId && held.scope.id === scopeId,
  )?.state ?? null;

/** From more states or scopes than this, an index of them is worth its making: there may be a thousand. */
const FEW = 16;

const statesByScope = oncePer((view: SubjectView) => Map.groupBy(view.states, ({ scope }) => scope.id));

const ownScope = (view: SubjectView, id: string): ScopeFacts | undefined =>
  view.scopes.length > FEW ? ownScopes(view).get(id) : view.scopes.find((scope) => scope.id === id);

const ownScopes = oncePer((view: SubjectView) => new Map(view.scopes.map((scope) => [scope.id, scope])));

/** The scope whose facts judge what is decided in a scope: of the person the one it is seen from, else its own (C41). */
export const factsScope = ({ from }: SubjectView, scope: Scope): Scope =>
  scope.level === 'person' && from !== undefined ? from : scope;

/** The subject's facts with the validity and kind of the scope that judges, and its brand where it has one of its own (C41). */
export function factsFor(view: SubjectView, scope: Scope): SubjectFacts | null {
  const { id } = factsScope(view, scope);
  const own = view.facts === null ? undefined : ownScope(view, id);
  if (view.facts === null || own === undefined) return view.facts;
  const { validFrom = null, validUntil = null, kind } = own;
  const brand = own.brand ?? view.facts.brand;
  return { ...view.facts, brand, validFrom, validUntil, ...(kind && { contactKind: kind }) };
}

/** Every scope of the subject at a level: those of the facts, and those that only decisions know. */
export const scopesAt = (view: SubjectView, level: Scope['level']): readonly Scope[] =>
  scopesByLevel(view).get(level) ?? [];

/** One view is asked purpose after purpose. */
const scopesByLevel = oncePer((view: SubjectView) => {
  const found = new Map<string, Scope>();
  const person: Scope = { level: 'person', id: view.subjectId };
  for (const scope of [person, ...view.scopes, ...view.states.map((held) => held.scope)])
    if (!found.has(scope.id)) found.set(scope.id, scope);
  return Map.groupBy(found.values(), ({ level }) => level);
});

/**
 * Scopes of the purpose's level; of a contact channel, the contact points it can reach, and those it was decided about
 * before their kind was told otherwise.
 * @param only ids of the scopes that are asked for; none or null: all
 */
export function reachedScopes(
  view: SubjectView,
  purpose: Purpose,
  only?: ReadonlySet<string> | null,
): readonly ScopeFacts[] {
  if (purpose.scopeLevel === null) return [];
  const all: readonly ScopeFacts[] = scopesAt(view, purpose.scopeLevel);
  const scopes = only ? all.filter(({ id }) => only.has(id)) : all;
  return purpose.contactKind === null
    ? scopes
    : scopes.filter(
        (s) => (s.kind ?? purpose.contactKind) === purpose.contactKind || stateIn(view, purpose.id, s.id) !== null,
      );
}

/** A scope that a decision is the first to name: a contact point is of the kind that the channel decided about reaches. */
export const asFirstNamed = ({ level, id }: Scope, { contactKind }: Purpose): ScopeFacts =>
  contactKind === null ? { level, id } : { level, id, kind: contactKind };

/**
 * The subject with one scope as the only one of its level: what stands on a device is then judged by this device alone,
 * not by whichever has it open (C14, C62), and what is decided for the person by the brand of this account (C41). The
 * scopes of other levels stay.
 */
export const seenFrom = (view: SubjectView, from: Scope): SubjectView => {
  const stays = ({ level, id }: Scope): boolean => level !== from.level || id === from.id;
  return { ...view, from, scopes: view.scopes.filter(stays), states: view.states.filter(({ scope }) => stays(scope)) };
};

/** Where a prerequisite of a purpose of `scope` is looked at. */
export function scopesFor(view: SubjectView, purpose: Purpose, scope: Scope): readonly Scope[] {
  const level = purpose.scopeLevel ?? 'person';
  if (level === scope.level) return [scope];
  return scopesAt(view, level);
}
