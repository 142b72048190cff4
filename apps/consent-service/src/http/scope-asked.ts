import {
  type Catalogue,
  factsFor,
  type Purpose,
  reachedScopes,
  type Scope,
  type SubjectView,
} from '@consent/consent-rules';
import { ProblemError } from '@consent/service-host';
import { type AskedPurpose } from '../reads/permissions-of.js';
import { withPrerequisites } from '../reads/with-prerequisites.js';

/** The scope that a question names. @throws ProblemError 404 for what is none of this subject's: whose else it may be is not told */
export function scopeAsked({ subjectId, scopes }: SubjectView, id: string): Scope {
  if (id === subjectId) return { level: 'person', id };
  const found = scopes.find((scope) => scope.id === id);
  if (found) return { level: found.level, id };
  const known = [subjectId, ...scopes.map((scope) => scope.id)].join(', ');
  throw new ProblemError(
    404,
    'scope-unknown',
    'The subject has no such scope',
    `query scope: found ${id}; expected one of this subject: ${known}`,
  );
}

interface Question {
  /** The subject, seen from the scope. */
  view: SubjectView;
  catalogue: Catalogue;
  /** Those asked for by name; absent: all. */
  purpose?: readonly string[] | undefined;
  category?: string | undefined;
}

/**
 * The purposes on which a scope has a bearing: those decided in it, and those that stand on something decided at its level,
 * as web advertising stands on the cookies of a device (C62); an account, line or device also on those of the person that
 * its brand may close (C41). Of all purposes the others are left out.
 * @throws ProblemError 422 for one that was asked for by name, saying which levels it is judged at
 */
export function judgedIn(scope: Scope, purposes: readonly AskedPurpose[], question: Question): AskedPurpose[] {
  return purposes.filter((purpose) => {
    if ('unknown' in purpose) return true;
    const levels = levelsOf(purpose, question);
    const own = (purpose.scopeLevel ?? 'person') === scope.level;
    const reached = !own || purpose.scopeLevel === null || reachedScopes(question.view, purpose).length > 0;
    if (levels.has(scope.level) && reached) return true;
    if (question.purpose === undefined) return false;
    throw reached
      ? new ProblemError(
          422,
          'scope-level-mismatch',
          'The purpose is not judged at the level of this scope',
          `query scope: found ${scope.id} of level ${scope.level}; ${purpose.id} is judged per ${[...levels].join(' or ')}`,
        )
      : new ProblemError(
          422,
          'scope-not-reached',
          'The channel does not reach this contact point',
          `query scope: found ${scope.id}; ${purpose.id} reaches contact points of kind ${purpose.contactKind ?? 'any'}`,
        );
  });
}

/** Where products of a brand are held and used. */
const BRANDED: readonly Scope['level'][] = ['account', 'line', 'device'];

/**
 * Its own, and those below the person's of all it stands on, or that may have a brand where one may close it; with a
 * category of data also of what opens the gates.
 */
function levelsOf(purpose: Purpose, { view, catalogue, category }: Question): Set<Scope['level']> {
  const ids = withPrerequisites([purpose.id], catalogue, { gates: category !== undefined });
  const all = [...ids].flatMap((id) => catalogue.purposes.get(id) ?? []);
  const below = all.flatMap(({ scopeLevel }) => (scopeLevel === null || scopeLevel === 'person' ? [] : scopeLevel));
  const branded = all.some((one) => brandMayClose(one, view)) ? BRANDED : [];
  return new Set([purpose.scopeLevel ?? 'person', ...below, ...branded]);
}

/** Of the person's: what excludes a brand, or does not cover the brand of the scope that is asked about (C40, C41). */
function brandMayClose({ scopeLevel, choiceModel, brands, excludedBrands }: Purpose, view: SubjectView): boolean {
  if (scopeLevel !== 'person' || choiceModel === 'none') return false;
  const brand = factsFor(view, { level: 'person', id: view.subjectId })?.brand ?? null;
  return excludedBrands.length > 0 || (brand !== null && !brands.includes(brand));
}
