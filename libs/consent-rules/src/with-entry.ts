import { evolve } from './evolve.js';
import { stateIn } from './prerequisites.js';
import { type LedgerEntry, type SubjectView } from './types.js';

/** The subject after an entry. */
export function withEntry(view: SubjectView, entry: LedgerEntry): SubjectView {
  const { scope, purposeId } = entry;
  const state = evolve(stateIn(view, purposeId, scope.id), entry);
  const others = view.states.filter((held) => held.purposeId !== purposeId || held.scope.id !== scope.id);
  return { ...view, states: [...others, { scope, purposeId, state }] };
}
