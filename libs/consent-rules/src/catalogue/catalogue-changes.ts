import { isOpening } from '../direction.js';
import { decidedIn } from '../permission.js';
import { type ChangeContext, permissionChanges } from '../permission-changes.js';
import { stateIn } from '../prerequisites.js';
import { type Catalogue, type HeldState, type LedgerEntry, type SubjectView } from '../types.js';
import { toldDecisions } from './told-decisions.js';

export interface CatalogueChanges {
  /** Permissions that change; to be recorded. */
  entries: LedgerEntry[];
  /** What stays as it is and is told to systems that a purpose names anew; to be recorded after the others. */
  told: LedgerEntry[];
  /**
   * Openings that nothing the person said stands behind, and what was said before a purpose had gone and would stand again:
   * never recorded, and a reason to refuse the change.
   */
  withheld: Pick<LedgerEntry, 'purposeId' | 'scope'>[];
}

/**
 * What a new version of the catalogue changes for one person. Restrictive wins: a new text of the rules may close
 * anything, and opens only what the person agreed to. A purpose that comes back opens for nobody, neither at once nor when a
 * rule that holds it closed ends: while it was gone no no to it was taken, and no bundle reached it.
 */
export function catalogueChanges(
  view: SubjectView,
  from: Catalogue,
  to: Catalogue,
  context: Pick<ChangeContext, 'now' | 'nextVersion' | 'newDecisionId' | 'caller'>,
): CatalogueChanges {
  const found = permissionChanges(view, view, to, {
    ...context,
    nextVersion: () => 0,
    cause: 'catalogue',
    bundleId: null,
    catalogueBefore: from,
  });
  const standing = view.states.filter((held) => !from.purposes.has(held.purposeId) && standsOpen(held, to));
  const isBack = ({ purposeId, scope }: LedgerEntry): boolean =>
    standing.some((held) => held.purposeId === purposeId && held.scope.id === scope.id);
  const kindOf = (entry: LedgerEntry): 'back' | 'withheld' | 'changes' => {
    if (isBack(entry)) return 'back';
    return entry.permission.allowed && !agreed(view, entry) ? 'withheld' : 'changes';
  };
  const { changes = [], withheld = [] } = Object.groupBy(found, kindOf);
  const entries = changes.map((entry) => ({ ...entry, version: context.nextVersion() }));
  const changed = new Set(entries.map(({ purposeId, scope }) => `${purposeId} ${scope.id}`));
  const told = toldDecisions(view, from, to, context, (purposeId, scopeId) => changed.has(`${purposeId} ${scopeId}`));
  return { entries, told, withheld: [...withheld, ...standing] };
}

/** What lets a purpose be open unless a rule closes it: a yes, or the default where nobody decided. */
function standsOpen({ purposeId, state }: HeldState, { purposes }: Catalogue): boolean {
  const decided = decidedIn(state);
  const isOpen = decided === null ? purposes.get(purposeId)?.defaultAllowed === true : isOpening(decided.status);
  return isOpen && purposes.has(purposeId);
}

function agreed(view: SubjectView, { purposeId, scope }: LedgerEntry): boolean {
  const state = stateIn(view, purposeId, scope.id);
  const decided = decidedIn(state);
  return state?.allowed === true || (decided !== null && isOpening(decided.status));
}
