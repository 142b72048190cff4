import {
  type Catalogue,
  followersOf,
  type LedgerEntry,
  permissionChanges,
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
 * close; and when a scope was named first: what is open by default and does not hold in it. They carry the bundle of the
 * act, or none.
 */
export function dependantChanges(
  { before, subject, moved }: Act,
  context: { catalogue: Catalogue; now: number; newDecisionId: () => string },
): LedgerEntry[] {
  const [first] = moved;
  const followers = followersOf(moved, before, context.catalogue);
  if (!first || followers.size === 0) return [];
  let { version } = subject;
  return permissionChanges(before, subject.view(), context.catalogue, {
    now: context.now,
    nextVersion: () => ++version,
    newDecisionId: context.newDecisionId,
    cause: 'facts',
    bundleId: first.bundleId,
    caller: first.evidence.caller,
    followers,
  });
}
