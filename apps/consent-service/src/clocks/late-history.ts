import { historyUntil } from '@consent/consent-rules';
import { type SubjectDraft } from '../subjects/subject-draft.js';

/**
 * Whether an objection is in force in a scope that was passed on so long ago that its history has had its end (C05): the end
 * was told late, or the objection came after it. The clock of the scope has passed then, and nothing else sets one.
 */
export const hasLateHistory = (subject: SubjectDraft, now: number): boolean =>
  subject.scopes.some(
    ({ id, validUntil = null }) =>
      validUntil !== null &&
      historyUntil(validUntil) <= now &&
      subject.view().states.some(({ scope, state }) => scope.id === id && state.status === 'objected'),
  );
