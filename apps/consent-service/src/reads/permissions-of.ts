import {
  type Catalogue,
  type CategoryPermitted,
  contactPermission,
  coversChannel,
  type ExplainedPermission,
  factsFor,
  permission,
  permissionForCategory,
  othersOf,
  type Purpose,
  reachedScopes,
  REASONS,
  type Scope,
  seenFrom,
  stateIn,
  type SubjectView,
} from '@consent/consent-rules';

/** A purpose of the catalogue, or an id that it does not have. */
export type AskedPurpose = Purpose | { id: string; unknown: true };

export interface ScopedPermission {
  purposeId: string;
  scope: Scope;
  permission: ExplainedPermission & CategoryPermitted;
}

/**
 * "May I?" for purposes of a subject: in each scope of the purpose's level. A purpose of a level at which the subject has no
 * scope has no answer.
 */
export function permissionsOf(
  view: SubjectView,
  purposes: readonly AskedPurpose[],
  catalogue: Catalogue,
  now: number,
): ScopedPermission[] {
  return purposes.flatMap((purpose) => {
    const known = 'unknown' in purpose ? null : purpose;
    return scopesOf(view, known).map((scope) => ({
      purposeId: purpose.id,
      scope,
      permission: permission(
        known,
        stateIn(view, purpose.id, scope.id),
        factsFor(view, scope),
        now,
        othersOf(view, catalogue, scope, now),
      ),
    }));
  });
}

/**
 * The same for contact: each purpose and the channel on that contact point must be open (C18), and the purpose one that
 * people are approached for through the channel (C19, C51). A contact point that is not
 * the person's, or that the channel does not reach, is a closed channel.
 */
export function withContact(
  found: readonly ScopedPermission[],
  { contactPointId, channel }: { contactPointId: string; channel: Purpose },
  view: SubjectView,
  catalogue: Catalogue,
  now: number,
): ScopedPermission[] {
  const point = seenFrom(view, { level: 'contact_point', id: contactPointId });
  const [open] = permissionsOf(point, [channel], catalogue, now);
  const onThePoint = open?.permission ?? { allowed: false, reason: 'channel_closed', nextChangeAt: null };
  return found.map((one) => {
    const purpose = catalogue.purposes.get(one.purposeId);
    const covered = purpose !== undefined && coversChannel(purpose, channel.id);
    return { ...one, permission: contactPermission(one.permission, covered ? onThePoint : null) };
  });
}

/** The same with data of one kind (C11, C14, C25, C47, C48, C63, C75–C79, C89). */
export function withCategory(
  found: readonly ScopedPermission[],
  category: string,
  view: SubjectView,
  catalogue: Catalogue,
  now: number,
): ScopedPermission[] {
  return found.map((one) => {
    const purpose = catalogue.purposes.get(one.purposeId);
    if (!purpose) return one;
    const place = { view, catalogue, purpose, scope: one.scope, at: now };
    const permission = permissionForCategory(one.permission, category, place);
    return { ...one, permission: { ...permission, sentence: REASONS[permission.reason] } };
  });
}

/** What nobody can decide about, or the catalogue does not know, is asked of the person. */
const scopesOf = (view: SubjectView, purpose: Purpose | null): Scope[] =>
  purpose?.scopeLevel
    ? reachedScopes(view, purpose).map(({ level, id }) => ({ level, id }))
    : [{ level: 'person', id: view.subjectId }];
