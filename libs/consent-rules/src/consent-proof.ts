import { addPeriod } from './calendar.js';
import { consentPeriod } from './consent-period.js';
import { followsFromRule } from './evolve.js';
import { type LedgerEntry, type Permission, type Purpose, type Status } from './types.js';

/** After these nothing of a consent, or of an objection, is in force any more. */
const ENDS: Readonly<Record<Purpose['choiceModel'], ReadonlySet<Status>>> = {
  'opt-in': new Set<Status>(['refused', 'withdrawn', 'expired', 'revoked']),
  'opt-out': new Set<Status>(['objection_lifted']),
  'objection-motivated': new Set<Status>(['objection_lifted', 'objection_rejected']),
  none: new Set<Status>(),
};

/** Of objections: the statement has no figure, and the rule for consents is mirrored (C05). */
const OBJECTION_HISTORY = 'P5Y';

/**
 * When a consent lapses by its own clock (C06, C09, C12), epoch ms: told then, whatever holds it closed, or at once where it came
 * in too late to open anything, so that its proof has an end (C04). Null for what has no such clock, and what ended before.
 */
export function lapseOf(
  purpose: Purpose,
  given: { status: Status; decidedAt: number | null; announcedPeriod: string | null },
): number | null {
  if (purpose.choiceModel !== 'opt-in' || given.status !== 'given' || given.decidedAt === null) return null;
  const period = consentPeriod(purpose, given.announcedPeriod);
  return period === null ? null : addPeriod(given.decidedAt, period);
}

/** What is allowed after that. */
export const LAPSED: Permission = { allowed: false, reason: 'consent_lapsed', nextChangeAt: null };

/** What is in the ledger of an act that ended something. */
export type Ending = Pick<LedgerEntry, 'status' | 'cause' | 'decidedAt' | 'receivedAt' | 'effective' | 'attributes'>;

/**
 * When an entry really ended what stood, epoch ms. A no counts when it comes, whatever its date: one dated before the yes that
 * it ends, or in the future, ends it with its reception.
 * @param yesAt when the newest yes before it was decided; null where there was none
 */
export const endedAt = ({ decidedAt, receivedAt }: Ending, yesAt: number | null): number =>
  yesAt !== null && decidedAt < yesAt ? receivedAt : Math.min(decidedAt, receivedAt);

/**
 * Until when an entry that ended a consent or an objection, and those of its triple before it, are kept as proof: five
 * years after the real end, be it withdrawal, expiry or contract end (6.3.2.5, 7.1.2, C04). An objection in force is kept
 * as long as it suppresses, its history five years after it was lifted (C05).
 * @param yesAt as of `endedAt`; null where it is not known: then it is kept at least until here
 * @returns epoch ms; null for an entry that ends nothing, or only tells an end again
 */
export function proofUntil(purpose: Purpose, entry: Ending, yesAt: number | null): number | null {
  if (!entry.effective || !ENDS[purpose.choiceModel].has(entry.status) || followsFromRule(entry)) return null;
  const period = purpose.choiceModel === 'opt-in' ? purpose.proofRetention : OBJECTION_HISTORY;
  return period === null ? null : addPeriod(endedAt(entry, yesAt), period);
}
