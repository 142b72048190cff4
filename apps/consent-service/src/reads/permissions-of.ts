import {
  type Catalogue,
  type ExplainedPermission,
  factsFor,
  permission,
  prerequisitesOf,
  type Purpose,
  type Scope,
  scopesAt,
  stateIn,
  type SubjectView,
} from '@consent/consent-rules';

export interface ScopedPermission {
  purposeId: string;
  scope: Scope;
  permission: ExplainedPermission;
}

/**
 * "May I?" for purposes of a subject: in each scope of the purpose's level, or in the one asked for. A purpose of a level at
 * which the subject has no scope has no answer.
 * @param scopeId only this scope
 */
export function permissionsOf(
  view: SubjectView,
  purposes: readonly (Purpose | { id: string; unknown: true })[],
  scopeId: string | null,
  catalogue: Catalogue,
  now: number,
): ScopedPermission[] {
  return purposes.flatMap((purpose) => {
    const known = 'unknown' in purpose ? null : purpose;
    const scopes = scopesOf(view, known).filter(
      ({ level, id }) => scopeId === null || level === 'person' || id === scopeId,
    );
    return scopes.map((scope) => ({
      purposeId: purpose.id,
      scope,
      permission: permission(known, stateIn(view, purpose.id, scope.id), factsFor(view, scope), now, {
        prerequisites: prerequisitesOf(view, catalogue, scope, now),
      }),
    }));
  });
}

/** Of the purpose's level; of a contact channel, the contact points it can reach. */
function scopesOf(view: SubjectView, purpose: Purpose | null): Scope[] {
  const level = purpose?.scopeLevel ?? 'person';
  const kinds = new Map(view.scopes.map(({ id, kind }) => [id, kind ?? null]));
  return scopesAt(view, level)
    .map(({ id }): Scope => ({ level, id }))
    .filter(({ id }) => !purpose?.contactKind || (kinds.get(id) ?? purpose.contactKind) === purpose.contactKind);
}
