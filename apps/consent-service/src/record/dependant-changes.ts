import {
  type Catalogue,
  type LedgerEntry,
  permissionChanges,
  type Purpose,
  type SubjectView,
} from '@consent/consent-rules';
import { type SubjectDraft } from '../subjects/subject-draft.js';

/**
 * The entries that follow when a prerequisite moved: purposes that hang on it, directly or through others, open or close.
 * They carry the bundle of the act, or none.
 */
export function dependantChanges(
  before: SubjectView,
  subject: SubjectDraft,
  moved: LedgerEntry,
  context: { catalogue: Catalogue; now: number; newDecisionId: () => string },
): LedgerEntry[] {
  const purposes = dependantsOf(moved.purposeId, context.catalogue);
  if (purposes.size === 0) return [];
  let { version } = subject;
  return permissionChanges(before, subject.view(), context.catalogue, {
    now: context.now,
    nextVersion: () => ++version,
    newDecisionId: context.newDecisionId,
    cause: 'facts',
    bundleId: moved.bundleId,
    caller: moved.evidence.caller,
    purposes,
  });
}

function dependantsOf(purposeId: string, catalogue: Catalogue): Set<Purpose> {
  const found = new Set<Purpose>();
  const open = [purposeId];
  for (let id = open.pop(); id !== undefined; id = open.pop())
    for (const purpose of catalogue.dependants.get(id) ?? [])
      if (!found.has(purpose) && purpose.id !== purposeId) {
        found.add(purpose);
        open.push(purpose.id);
      }
  return found;
}
