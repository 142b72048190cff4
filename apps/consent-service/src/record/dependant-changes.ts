import {
  type Catalogue,
  type LedgerEntry,
  permissionChanges,
  type Purpose,
  type SubjectView,
} from '@consent/consent-rules';
import { type SubjectDraft } from '../subjects/subject-draft.js';

/** Decisions of one subject that belong together: one alone, or a bundle. */
export interface Act {
  /** The subject before the act. */
  before: SubjectView;
  subject: SubjectDraft;
  moved: LedgerEntry[];
}

/**
 * The entries that follow when prerequisites moved: purposes that hang on them, directly or through others, open or
 * close. They carry the bundle of the act, or none.
 */
export function dependantChanges(
  { before, subject, moved }: Act,
  context: { catalogue: Catalogue; now: number; newDecisionId: () => string },
): LedgerEntry[] {
  const [first] = moved;
  const purposes = dependantsOf(moved, context.catalogue);
  if (!first || purposes.size === 0) return [];
  let { version } = subject;
  return permissionChanges(before, subject.view(), context.catalogue, {
    now: context.now,
    nextVersion: () => ++version,
    newDecisionId: context.newDecisionId,
    cause: 'facts',
    bundleId: first.bundleId,
    caller: first.evidence.caller,
    purposes,
  });
}

function dependantsOf(moved: readonly LedgerEntry[], catalogue: Catalogue): Set<Purpose> {
  const found = new Set<Purpose>();
  const open = moved.map(({ purposeId }) => purposeId);
  for (let id = open.pop(); id !== undefined; id = open.pop())
    for (const purpose of catalogue.dependants.get(id) ?? [])
      if (!found.has(purpose)) {
        found.add(purpose);
        open.push(purpose.id);
      }
  return found;
}
