import { isClosing, isOpening } from './direction.js';
import { notedIn } from './clock-notes.js';
import { announcedIn } from './consent-period.js';
import { type Cause, type LedgerEntry, type Status, type TripleState } from './types.js';

/** Causes of which nobody decides. */
export const BY_ITSELF: ReadonlySet<Cause> = new Set<Cause>(['facts', 'clock', 'catalogue']);

/** Whether a permission moved without anybody deciding: the entry keeps the status as it was, or says that a clock ended it. */
export const isByRule = (cause: Cause): boolean => BY_ITSELF.has(cause);

/** Whether an entry only tells what a rule made of the decision in force, or tells that decision again; a rule's own ends are neither. */
export const followsFromRule = (entry: Pick<LedgerEntry, 'cause' | 'status' | 'attributes'>): boolean =>
  isByRule(entry.cause) && ((entry.status !== 'expired' && entry.status !== 'revoked') || notedIn(entry) !== null);

/**
 * The state after an entry. An entry without effect moves the version only: what is in force stays in force; where nothing
 * is, a bundle said no before. What is noted without effect moves nothing: no system is told, and none can be asked to be
 * as far.
 * A change by a rule keeps the moment of the decision in force, which is what later evidence is held against.
 */
export function evolve(state: TripleState | null, entry: LedgerEntry): TripleState {
  if (notedIn(entry) !== null && !entry.effective && state !== null) return state;
  if (!entry.effective)
    return { ...(state ?? closedByBundle(entry)), version: entry.version, decisionId: entry.decisionId };
  const { allowed, reason, nextChangeAt } = entry.permission;
  return {
    version: entry.version,
    decisionId: entry.decisionId,
    status: entry.status,
    allowed,
    reason,
    nextChangeAt,
    decidedAt: followsFromRule(entry) ? (state?.decidedAt ?? null) : entry.decidedAt,
    closedDecidedAt: closedDecidedAt(state, entry),
    saidNoAt: saidNoAt(state, entry),
    announcedPeriod: followsFromRule(entry) ? (state?.announcedPeriod ?? null) : announcedIn(entry),
    endedCategories: entry.endedCategories,
  };
}

/** What an old yes finds that a bundle has overtaken: a no at least as new as the yes, in the words of the same choice model. */
function closedByBundle({
  status: yes,
  decidedAt,
  endedCategories,
}: LedgerEntry): Omit<TripleState, 'version' | 'decisionId'> {
  const status = yes === 'objection_lifted' ? 'objected' : 'withdrawn';
  const closed = { status, allowed: false, reason: status, nextChangeAt: null } as const;
  const said = { decidedAt, closedDecidedAt: decidedAt, saidNoAt: decidedAt };
  return { ...closed, ...said, announcedPeriod: null, endedCategories };
}

/** Capped by the reception, so that a channel whose clock runs ahead cannot lock later openings out. */
function closedDecidedAt(state: TripleState | null, entry: LedgerEntry): number | null {
  const before = state?.closedDecidedAt ?? null;
  if (!entry.effective || !isClosing(entry.status)) return before;
  const decidedAt = Math.min(entry.decidedAt, entry.receivedAt);
  return before === null ? decidedAt : Math.max(before, decidedAt);
}

/** A no that the person said; the end of a consent is none. */
const NO: ReadonlySet<Status> = new Set<Status>(['refused', 'withdrawn', 'objected']);

function saidNoAt(state: TripleState | null, entry: LedgerEntry): number | null {
  const before = state?.saidNoAt ?? null;
  if (isByRule(entry.cause)) return before;
  if (isOpening(entry.status)) return null;
  return NO.has(entry.status) ? Math.max(before ?? -Infinity, Math.min(entry.decidedAt, entry.receivedAt)) : before;
}
