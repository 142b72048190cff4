import { refusedNextTo } from '../another-role.js';
import { isBrought } from '../cause-of.js';
import { isOpening } from '../direction.js';
import { permissionIn, scopesFor } from '../prerequisites.js';
import { ANNOUNCED_PERIOD } from '../consent-period.js';
import { contextOf, contextsOf, type SubjectContext } from '../subject-context.js';
import { TRANSITIONS } from '../transitions.js';
import { type Cause, type Purpose, type Role, ROLES, type Scope, type SubjectFacts } from '../types.js';
import { type Change, type Question } from './explanation.js';
import { gatePurposes } from './gate-purposes.js';
import { permissionAt } from './permission-at.js';

/** Who can do something about an answer. */
const PEOPLE: ReadonlySet<Cause> = new Set<Cause>(['person', 'guardian', 'agent', 'operator', 'authority']);

/** A purpose and a scope it is looked at in; id null where the subject has none of the level. */
interface Place {
  purpose: Purpose;
  scope: { level: Scope['level']; id: string | null };
}

/** All that could happen to the purpose asked about and to those it stands on, whether it would help or not. */
export function possibleChanges(question: Question): Change[] {
  const { view, catalogue, at, knownAs } = question;
  const places = placesOf(question);
  const brands = new Set(places.flatMap(({ purpose }) => [...purpose.brands, ...purpose.excludedBrands]));
  const { facts } = view;
  const person: Scope = { level: 'person', id: view.subjectId };
  const branded = [
    { scope: person, brand: facts?.brand ?? null },
    ...view.scopes.flatMap(({ level, id, brand }) => (brand ? [{ scope: { level, id }, brand }] : [])),
  ];
  const ofPlaces = places.flatMap(({ purpose, scope: { level, id } }) =>
    id === null ? [] : (permissionIn(view, catalogue, purpose, { level, id }, at).nextChangeAt ?? []),
  );
  const moments = ofPlaces.concat(permissionAt(question).nextChangeAt ?? []);
  return [
    ...places.flatMap(decisionsAbout),
    ...branded.flatMap(({ scope, brand }) =>
      [...brands].filter((to) => to !== brand).map((to): Change => ({ kind: 'brand', scope, to })),
    ),
    ...rolesToBecome(facts, knownAs ?? null, places)
      .filter((to) => facts?.roles.length !== 1 || facts.roles[0] !== to)
      .map((to): Change => ({
        kind: 'role',
        to,
      })),
    ...[true, false].filter((minor) => facts?.minor !== minor).map((minor): Change => ({ kind: 'age', minor })),
    { kind: 'contract', to: 'begins' },
    ...(contractOver(facts, at) ? [] : [{ kind: 'contract', to: 'ends' } as const]),
    ...[...new Set(moments)].filter((moment) => moment > at).map((moment): Change => ({ kind: 'moment', at: moment })),
  ];
}

/**
 * What a subject can become: a private contact never that of a firm, nor the other way round (C44). Where neither is known,
 * the contact of a firm only where that is asked about.
 * @param before as what earlier roles made it known
 */
function rolesToBecome(facts: SubjectFacts | null, before: SubjectContext | null, places: readonly Place[]): Role[] {
  const held = contextsOf(facts?.roles ?? []);
  const contexts = held.size === 0 && before !== null ? new Set([before]) : held;
  if (contexts.size > 0) return ROLES.filter((role) => contexts.has(contextOf(role)));
  const named = new Set(places.flatMap(({ purpose }) => purpose.roles));
  return ROLES.filter((role) => contextOf(role) === 'private' || named.has(role));
}

/** What has ended, and had no successor, cannot end. */
const contractOver = (facts: SubjectFacts | null, at: number): boolean => {
  const { contractStart = null, contractEnd = null } = facts ?? {};
  return contractEnd !== null && contractEnd <= at && (contractStart ?? -Infinity) <= contractEnd;
};

const decisionsAbout = ({ purpose, scope }: Place): Change[] =>
  TRANSITIONS[purpose.choiceModel].flatMap(({ to, causes }): Change[] => {
    const by = causes.filter((cause) => PEOPLE.has(cause) && isBrought(cause, to, purpose.choiceModel));
    const attributes = purpose.announcesPeriod && isOpening(to) ? [ANNOUNCED_PERIOD] : [];
    return by.length === 0 ? [] : [{ kind: 'decision', purposeId: purpose.id, scope, status: to, by, attributes }];
  });

/**
 * The purpose asked about, then those it stands on, directly or through others, those from which a no under another role reaches it,
 * and those that open it the kind of data.
 */
function placesOf({ view, catalogue, purpose, scope, category }: Question): Place[] {
  const places: Place[] = [{ purpose, scope }];
  for (const place of places) {
    const gates = place.purpose === purpose ? gatePurposes(purpose, category, catalogue) : [];
    const from: Scope = place.scope.id === null ? scope : { level: place.scope.level, id: place.scope.id };
    const refused = refusedNextTo(view, catalogue, from, place.purpose.id);
    const named = [...place.purpose.dependsOn, ...refused].flatMap((id) => catalogue.purposes.get(id) ?? []);
    for (const below of [...named, ...gates]) {
      const scopes = scopesFor(view, below, from);
      const level = below.scopeLevel ?? 'person';
      for (const found of scopes.length > 0 ? scopes.map((s) => ({ level: s.level, id: s.id })) : [{ level, id: null }])
        if (!places.some((p) => p.purpose === below && p.scope.id === found.id))
          places.push({ purpose: below, scope: found });
    }
  }
  return places;
}
