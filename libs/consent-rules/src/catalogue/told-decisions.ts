import { ledgerEntry } from '../decide.js';
import { type ChangeContext } from '../permission-changes.js';
import { factsFor } from '../prerequisites.js';
import { type Catalogue, type LedgerEntry, type SubjectView } from '../types.js';
import { newlyNamed } from './diff-catalogues.js';

/**
 * Entries that tell what is in force to systems that a new version of the catalogue names for a purpose: the events of
 * before did not name them, so they left them out. Permissions stay as they were last published.
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
      const facts = factsFor(view, scope);
      const { allowed, reason, nextChangeAt } = state;
      return ledgerEntry(
        {
          subjectId: view.subjectId,
          scope,
          purposeId,
          status: state.status,
          cause: 'catalogue',
          decidedAt: state.decidedAt ?? context.now,
          bundleId: null,
          notice: null,
          evidence: { channel: 'none', actor: 'system', caller: context.caller, origin: null },
          brand: facts?.brand ?? null,
          attributes: {},
        },
        { allowed, reason, nextChangeAt },
        true,
        purpose,
        facts,
        {
          now: context.now,
          version: context.nextVersion(),
          decisionId: context.newDecisionId(),
          catalogueVersion: to.version,
          systems: to.systems,
          endedCategories: state.endedCategories,
        },
      );
    });
}
