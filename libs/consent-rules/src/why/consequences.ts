import { clockChanges, nextClock } from '../clock-changes.js';
import { oncePer } from '../once-per.js';
import { permissionChanges } from '../permission-changes.js';
import { type Catalogue, type SubjectView } from '../types.js';
import { withEntry } from '../with-entry.js';
import { type Question } from './explanation.js';
import { gatePurposes } from './gate-purposes.js';

const NOBODY = { nextVersion: () => 0, newDecisionId: () => '', bundleId: null, caller: '' };

/**
 * The subject with what the ledger records by itself of what was told or said at `now`: a consent that ends so is over, and
 * the answer from then on is that it ended, whatever ended it.
 * @param before the subject before it was told or said @param now epoch ms
 */
export function withConsequences(
  before: SubjectView,
  after: SubjectView,
  question: Question,
  now: number,
): SubjectView {
  const context = { ...NOBODY, now, cause: 'facts' as const };
  return permissionChanges(before, after, concernedBy(question), context).reduce(withEntry, after);
}

/** The subject with what falls due after `now` and up to `at`, each at its moment. Epoch ms. */
export function withWhatFallsDue(view: SubjectView, question: Question, now: number, at: number): SubjectView {
  const catalogue = concernedBy(question);
  let after = view;
  const next = (from: number): number | null => nextClock(after, catalogue, from);
  for (let due = next(now + 1); due !== null && due <= at; due = next(due + 1))
    after = clockChanges(after, catalogue, due, { ...NOBODY, now: due }).reduce(withEntry, after);
  return after;
}

/** The catalogue as far as the answer can depend on it: the purpose, what opens it the kind of data, and what these follow. */
const concernedBy = oncePer(({ catalogue, purpose, category }: Question): Catalogue => {
  const asked = [purpose, ...gatePurposes(purpose, category, catalogue)];
  const concerns = (id: string): boolean =>
    asked.some((one) => one.id === id) || (catalogue.dependants.get(id) ?? []).some((above) => asked.includes(above));
  return { ...catalogue, purposes: new Map([...catalogue.purposes].filter(([id]) => concerns(id))) };
});
