import { toldEnds } from '../ended-categories.js';
import { type ChangeContext, entryByRule } from '../permission-changes.js';
import { permissionIn } from '../prerequisites.js';
import { type Catalogue, type LedgerEntry, type SubjectView } from '../types.js';
import { newlyNamed } from './diff-catalogues.js';

/**
 * Entries that tell what is in force to systems that a new version of the catalogue names for a purpose: the events of
 * before did not name them, so they left them out. Permissions stay as they were last published; of a purpose that is back
 * it is told what holds it closed now.
 * @param isTold whether another entry of the change tells the state already
 */
export function toldDecisions(
  view: SubjectView,
  from: Catalogue,
  to: Catalogue,
  context: Pick<ChangeContext, 'now' | 'nextVersion' | 'newDecisionId' | 'caller'>,
  isTold: (purposeId: string, scopeId: string) => boolean,
): LedgerEntry[] {
  const named = newlyNamed(from, to);
  return view.states
    .filter(({ purposeId, scope }) => named.has(purposeId) && !isTold(purposeId, scope.id))
    .flatMap(({ purposeId, scope, state }) => {
      const purpose = to.purposes.get(purposeId);
      if (purpose === undefined || purpose.choiceModel === 'none') return [];
      const isBack = state.reason === 'purpose_unknown';
      const now = isBack ? permissionIn(view, to, purpose, scope, context.now) : state;
      const { allowed, reason, nextChangeAt } = now.allowed ? state : now;
      const endedCategories = toldEnds(purpose, state);
      const told = { status: state.status, decidedAt: state.decidedAt ?? context.now, endedCategories };
      const permission = { allowed, reason, nextChangeAt };
      const byCatalogue = { ...context, cause: 'catalogue', bundleId: null } as const;
      return entryByRule(view, purpose, scope, permission, told, to, byCatalogue);
    });
}
