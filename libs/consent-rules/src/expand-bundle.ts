import { isOpening } from './direction.js';
import { decidedIn } from './permission.js';
import { reachedScopes, stateIn } from './prerequisites.js';
import {
  type BundleDefinition,
  type Catalogue,
  type ChoiceModel,
  type Purpose,
  type Scope,
  type Status,
  type SubjectView,
} from './types.js';

export interface BundleItem {
  scope: Scope;
  purposeId: string;
  status: Status;
}

/** What a bundle changes, and how many triples it reaches that are closed already. */
export interface ExpandedBundle {
  items: BundleItem[];
  unchanged: number;
}

/** A no in the words of the legal basis (C26). A reasoned objection needs its reasons and is in no bundle. */
const NO: Readonly<Record<ChoiceModel, Status | null>> = {
  'opt-in': 'withdrawn',
  'opt-out': 'objected',
  'objection-motivated': null,
  none: null,
};

/**
 * The closings that one act means (C17, C21, C22): of every purpose and scope it reaches where the person's no does not
 * stand yet. What is open by default closes too, and so does what a rule holds closed at the moment: a yes, or a
 * default, that would open again by itself when facts, clocks or prerequisites move (C42).
 * Purposes and scopes come in the order of the catalogue and of the view.
 * @param about the one scope of a bundle with `inOneScopeAt` (C19): the no to it is recorded also where one stands, since
 * the moment of such a bundle holds for this scope alone
 * @throws RangeError for a bundle the catalogue does not define
 */
export function expandBundle(
  bundleId: string,
  view: SubjectView,
  catalogue: Catalogue,
  about: Scope | null = null,
): ExpandedBundle {
  const bundle = catalogue.bundles.get(bundleId);
  if (bundle === undefined)
    throw new RangeError(
      `Bundle ${bundleId} is not in the catalogue; expected one of ${[...catalogue.bundles.keys()].join(', ')}`,
    );
  const expanded: ExpandedBundle = { items: [], unchanged: 0 };
  for (const id of bundle.purposes) {
    const purpose = catalogue.purposes.get(id);
    const status = noTo(purpose);
    if (purpose === undefined || status === null) continue;
    if (about !== null && isInOneScope(purpose, bundle)) {
      expanded.items.push({ scope: about, purposeId: id, status });
      continue;
    }
    for (const scope of reachedScopes(view, purpose)) {
      if (standsOpen(view, purpose, scope))
        expanded.items.push({ scope: { level: scope.level, id: scope.id }, purposeId: id, status });
      else expanded.unchanged += 1;
    }
  }
  return expanded;
}

const isInOneScope = ({ scopeLevel }: Purpose, { inOneScopeAt }: BundleDefinition): boolean =>
  inOneScopeAt !== undefined && scopeLevel === inOneScopeAt;

const noTo = (purpose: Purpose | undefined): Status | null => (purpose === undefined ? null : NO[purpose.choiceModel]);

/**
 * A yes that waits to be confirmed stands open too: the confirmation would be newer than the bundle. So does an objection that is
 * under assessment since before its purpose came to be closed without reasons: its answer would be.
 */
function standsOpen(view: SubjectView, purpose: Purpose, scope: Scope): boolean {
  const decided = decidedIn(stateIn(view, purpose.id, scope.id));
  if (decided === null) return purpose.defaultAllowed === true;
  return isOpening(decided.status) || decided.status === 'objection_submitted' || (decided.confirmBy ?? null) !== null;
}

/**
 * The purposes that a bundle says no to, in every scope, known or not: the moment of the bundle is held against each yes
 * about them (`bundleClosedAt`), whatever the bundle found to close. A bundle that the catalogue does not define has none.
 */
export function closedBy(bundleId: string, catalogue: Catalogue): string[] {
  const bundle = catalogue.bundles.get(bundleId);
  return (bundle?.purposes ?? []).filter((id) => {
    const purpose = catalogue.purposes.get(id);
    return bundle !== undefined && purpose !== undefined && noTo(purpose) !== null && !isInOneScope(purpose, bundle);
  });
}

/**
 * Whether a bundle says no to all marketing, so that what is not known yet (a new contact point, another role) must
 * stay closed too: the moment belongs in the facts, as `fullMarketingObjectionAt` (C18, C21).
 */
export const objectsToAllMarketing = (bundleId: string, catalogue: Catalogue): boolean => {
  const reached = new Set(catalogue.bundles.get(bundleId)?.purposes);
  const ownMarketing = [...catalogue.purposes.values()].filter((purpose) => purpose.ownMarketing);
  return ownMarketing.length > 0 && ownMarketing.every(({ id }) => reached.has(id));
};
