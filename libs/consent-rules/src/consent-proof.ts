import { addPeriod } from './calendar.js';
import { consentPeriod } from './consent-period.js';
import { followsFromRule } from './evolve.js';
import { type LedgerEntry, type Permission, type Purpose, type Status } from './types.js';

/** After these nothing of a consent is in force any more. */
const ENDS_CONSENT: ReadonlySet<Status> = new Set<Status>(['refused', 'withdrawn', 'expired', 'revoked']);
/** The same of an objection. */
const ENDS_OBJECTION: ReadonlySet<Status> = new Set<Status>(['objection_lifted', 'objection_rejected']);

/** As the statement has it for consents (6.3.2.5, 7.1.2); it has no figure for objections, and these mirror the rule (C05). */
const HISTORY = 'P5Y';

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
 * years after the real end, be it withdrawal, expiry or contract end (6.3.2.5, 7.1.2, C04), or that the objection was lifted (C05).
 * A purpose that asks no more for consent, or asks only now, keeps what was said under the other choice as long.
 * @param yesAt as of `endedAt`; null where it is not known: then it is kept at least until here
 * @returns epoch ms; null for an entry that ends nothing, or only tells an end again
 */
export function proofUntil(purpose: Purpose, entry: Ending, yesAt: number | null): number | null {
  if (!entry.effective || followsFromRule(entry)) return null;
  const ended = endedAt(entry, yesAt);
  if (ENDS_OBJECTION.has(entry.status)) return addPeriod(ended, HISTORY);
  if (!ENDS_CONSENT.has(entry.status)) return null;
  return proofAfter(purpose, ended);
}

/** The same of a consent that ended then, such as one that stood when its purpose left the catalogue (C04). */
export function proofAfter({ choiceModel, proofRetention }: Purpose, ended: number): number | null {
  const period = choiceModel === 'opt-in' ? proofRetention : HISTORY;
  return period === null ? null : addPeriod(ended, period);
}

/** Until when what was said in a scope that was passed on is kept, epoch ms: an objection suppresses nothing there since (C05). */
export const historyUntil = (scopeEnd: number): number => addPeriod(scopeEnd, HISTORY);
