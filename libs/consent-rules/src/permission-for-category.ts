import { type CategoryPermission, categoryPermission } from './category-permission.js';
import { itemsSince, retained } from './data-retention.js';
import { earliest } from './earliest.js';
import { prerequisitesOf } from './prerequisites.js';
import { type Catalogue, type Permission, type Purpose, type Scope, type SubjectView } from './types.js';

/** Where a question about data of one kind is asked. */
export interface CategoryPlace {
  view: SubjectView;
  catalogue: Catalogue;
  purpose: Purpose;
  scope: Scope;
  /** Epoch ms. */
  at: number;
}

/** What is to be said of data of one kind under a purpose that is allowed. Moments in epoch ms. */
export type CategoryVerdict =
  | ({ kind: 'barred' } & Omit<Extract<CategoryPermission, { usable: false }>, 'usable'>)
  | { kind: 'ended'; endedAt: number }
  /** `since`: only what was collected from then on; `until`: when they come to their end. null: no such bound. */
  | { kind: 'usable'; since: number | null; until: number | null };

/**
 * What the purpose uses and its gates first (C14, C25, C47, C48, C63, C75–C79, C89), then the retention of that kind of
 * data under the purpose (C11): what has come to its end may not be used, though another contract may have brought newer
 * data since. Where each item has a limit of its own, what is older than that may not either.
 */
export function judgeCategory(
  { view, catalogue, purpose, scope, at }: CategoryPlace,
  category: string,
): CategoryVerdict {
  const standing = prerequisitesOf(view, catalogue, scope, at);
  const gate = categoryPermission(purpose, category, (id) => standing(id).allowed);
  if (!gate.usable) {
    const { reason, decision, needsGrantOf } = gate;
    return { kind: 'barred', reason, decision, needsGrantOf };
  }
  const { endedAt, isCollectedSince, endsAt } = retained(view, catalogue, purpose, scope, category, at);
  if (endedAt !== null && !isCollectedSince) return { kind: 'ended', endedAt };
  const bounds = [endedAt, itemsSince(purpose, category, at)].filter((bound) => bound !== null);
  return { kind: 'usable', since: bounds.length === 0 ? null : Math.max(...bounds), until: endsAt };
}

/** A permission with data of one kind. */
export interface CategoryPermitted extends Permission {
  /** Epoch ms: it holds only for data collected from then on. Absent: for all of them. */
  dataSince?: number;
}

/** The answer for data of one kind: what the purpose allows, less what bars these data from it. */
export function permissionForCategory(found: Permission, category: string, place: CategoryPlace): CategoryPermitted {
  if (!found.allowed) return found;
  const verdict = judgeCategory(place, category);
  switch (verdict.kind) {
    case 'barred':
      return { allowed: false, reason: verdict.reason, nextChangeAt: earliest(gateMoments(place, category)) };
    case 'ended':
      return { allowed: false, reason: 'category_ended', nextChangeAt: null };
    case 'usable': {
      const nextChangeAt = earliest([found.nextChangeAt, verdict.until, ...gateMoments(place, category)]);
      return { ...found, nextChangeAt, ...(verdict.since !== null && { dataSince: verdict.since }) };
    }
  }
}

/** When what opens this kind of data to the purpose may change by itself; none where it is barred for good. */
function gateMoments({ view, catalogue, purpose, scope, at }: CategoryPlace, category: string): (number | null)[] {
  const standing = prerequisitesOf(view, catalogue, scope, at);
  return purpose.categoryGates
    .filter((gate) => gate.category === category)
    .flatMap(({ needsGrantOf }) => needsGrantOf.map((id) => standing(id).nextChangeAt));
}
