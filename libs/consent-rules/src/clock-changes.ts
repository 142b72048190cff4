import { addPeriod } from './calendar.js';
import { type Noted } from './clock-notes.js';
import { announcedIn } from './consent-period.js';
import { historyUntil, LAPSED, lapseOf, proofUntil } from './consent-proof.js';
import { dataMoments, newlyEnded } from './data-retention.js';
import { receiptOf, replyClocks } from './reply-clocks.js';
import { earliest } from './earliest.js';
import { followsFromRule } from './evolve.js';
import { oncePer } from './once-per.js';
import { endOfConsent } from './consent-end.js';
import { changeEntry, type ChangeContext, differs } from './permission-changes.js';
import { factsFor, permissionIn, reachedScopes, stateIn } from './prerequisites.js';
import { windowFrom } from './rules/contract-clock.js';
import {
  type Catalogue,
  type LedgerEntry,
  type Permission,
  type Purpose,
  type PurposeClock,
  type Scope,
  type Status,
  type SubjectView,
  type TripleState,
} from './types.js';

export type ClockContext = Omit<ChangeContext, 'cause' | 'bundleId' | 'purposes'>;

/**
 * The ledger entries that fall due at one moment by the passing of time alone: a consent lapses (C06, C09), the contract
 * or a period after it ends (C07, C08, C11), a request is not confirmed, and what stands on these closes with them; or data of
 * some kind may be kept no longer under a purpose (C11), whose permission the entry then repeats as it is.
 * To be called for each moment of `nextClock`, in order, however late: a late clock tells what was true at its own moment,
 * and can never undo what was decided since. So it opens nothing but a scope whose time begins (C88) and, where they are open
 * at the run too, what stands on it and a window (C09); and it moves what is open only when its moment has come, or where it
 * is closed at the run.
 * @param at epoch ms, the due moment; with `context.now` the moment of the run
 */
export function clockChanges(
  view: SubjectView,
  catalogue: Catalogue,
  at: number,
  context: ClockContext,
): LedgerEntry[] {
  const entries: LedgerEntry[] = [];
  for (const purpose of catalogue.purposes.values()) {
    if (purpose.choiceModel === 'none') continue;
    for (const { level, id } of reachedScopes(view, purpose)) {
      const scope = { level, id };
      const state = stateIn(view, purpose.id, id);
      const judge = (moment: number): Permission => permissionIn(view, catalogue, purpose, scope, moment);
      const then = judge(at);
      const isDue = state !== null && state.nextChangeAt !== null && state.nextChangeAt <= at;
      const hasLapsed = state !== null && !state.allowed && (lapseOf(purpose, state) ?? Infinity) <= at;
      const endsUnseen = state !== null && (endUnseen(view, purpose, scope, state) ?? Infinity) <= at;
      const isOpenNow = (): boolean => judge(context.now).allowed;
      const opens = (): boolean => {
        if (state?.reason === 'scope_not_yet_valid' && isDue) return true;
        const before = judge(at - 1);
        const begins = hasWindow(purpose) && before.reason === 'too_early_after_contract';
        return (begins || (state !== null && !before.allowed)) && isOpenNow();
      };
      const changes =
        hasLapsed ||
        endsUnseen ||
        (state === null
          ? then.allowed
            ? opens()
            : judge(at - 1).allowed && !isOpenNow()
          : state.status === 'requested'
            ? isDue
            : state.allowed
              ? differs(state, then) && (isDue || (!then.allowed && !isOpenNow()))
              : then.allowed && opens());
      const ended = newlyEnded(view, catalogue, purpose, scope, at, changes);
      if (!changes && ended.length === 0) continue;
      const dueAt = new Date(at).toISOString();
      const told = { ...context, asOf: at, cause: 'clock' as const, bundleId: null, ended };
      const found = hasLapsed ? LAPSED : endsUnseen ? permissionHeld(state) : then;
      if (changes)
        entries.push({ ...changeEntry(view, purpose, scope, found, catalogue, told), attributes: { dueAt } });
      else {
        const entry = changeEntry(view, purpose, scope, state === null ? then : permissionHeld(state), catalogue, told);
        const held = state === null ? {} : { status: state.status, decidedAt: state.decidedAt ?? at };
        entries.push({ ...entry, ...held, attributes: { dueAt, fellDue: 'data-retention' satisfies Noted } });
      }
    }
  }
  return entries;
}

/**
 * When a consent that opens nothing ends with its contract or its scope, epoch ms, be it that it came in later or that something
 * else holds it closed: it is told as expired, so that its proof has an end and no later contract brings it back (C04, C07).
 * Null for any other.
 */
const endUnseen = (view: SubjectView, purpose: Purpose, scope: Scope, state: TripleState): number | null =>
  isConsent(purpose, state) && !state.allowed
    ? endOfConsent(purpose, state, state, factsFor(view, scope), Infinity)
    : null;

const isConsent = ({ choiceModel }: Purpose, { status }: { status: Status }): boolean =>
  choiceModel === 'opt-in' && status === 'given';

const hasWindow = ({ clocks }: Purpose): boolean => clocks.some(({ window }) => window !== undefined);

const permissionHeld = ({ allowed, reason, nextChangeAt }: TripleState): Permission => ({
  allowed,
  reason,
  nextChangeAt,
});

/** The earliest moment at or after `from` at which a clock of the subject may change something; null when none is set. */
export function nextClock(view: SubjectView, catalogue: Catalogue, from: number): number | null {
  const moments = view.states.map(({ state }) => state.nextChangeAt);
  const lapses = view.states.flatMap(({ state, purposeId, scope }) => {
    const purpose = catalogue.purposes.get(purposeId);
    return purpose ? [lapseOf(purpose, state), endUnseen(view, purpose, scope, state)] : [];
  });
  return earliest([...moments, ...lapses, ...factMoments(view, catalogue)], from);
}

/** The same of facts alone: what is open by default has no state that could carry its clock. */
export const nextFactClock = (known: Known, catalogue: Catalogue, from: number): number | null =>
  earliest(factMoments(known, catalogue), from);

/**
 * The moment at which an entry of the ledger next asks for the clock: its permission changes, its proof is no longer
 * needed, or the legal time to reply to it has passed.
 */
export const clockOf = (entry: LedgerEntry, purpose: Purpose | undefined): number | null =>
  earliest([
    entry.permission.nextChangeAt,
    purpose ? proofUntil(purpose, entry, null) : null,
    purpose && entry.effective && !followsFromRule(entry)
      ? lapseOf(purpose, { ...entry, announcedPeriod: announcedIn(entry) })
      : null,
    purpose && entry.effective && isConsent(purpose, entry) && mayHaveEnded(purpose, entry) ? entry.decidedAt : null,
    replyBy(entry),
  ]);

/** A consent that came in closed: with its contract or its scope it may have ended by then, whatever closes it (C04, C07). */
const mayHaveEnded = (
  { clocks, scopeLevel }: Purpose,
  { permission: { allowed, reason } }: Pick<LedgerEntry, 'permission'>,
): boolean =>
  !allowed &&
  reason !== 'facts_missing' &&
  (scopeLevel !== 'person' || clocks.some(({ from }) => from === 'contract-end'));

const replyBy = (entry: LedgerEntry): number | null =>
  entry.status === 'objection_submitted' && entry.effective ? replyClocks(receiptOf(entry), null, false).replyBy : null;

type Known = Pick<SubjectView, 'facts' | 'scopes'>;

function factMoments({ facts, scopes }: Known, catalogue: Catalogue): (number | null)[] {
  const validity = scopes.flatMap(({ validFrom = null, validUntil = null }) => [
    validFrom,
    validUntil,
    validUntil === null ? null : historyUntil(validUntil),
  ]);
  const contractEnd = facts?.contractEnd ?? null;
  if (contractEnd === null) return validity;
  const moments = contractClocks(catalogue.purposes).flatMap((clock) => [
    contractEnd,
    addPeriod(contractEnd, clock.period),
    windowFrom(clock, contractEnd) ?? [],
  ]);
  return [...validity, ...dataMoments({ facts }, catalogue), ...moments.flat()];
}

/** Of what is open by default, each clock that runs from the end of the contract, once: many purposes have the same. */
const contractClocks = oncePer((purposes: Catalogue['purposes']): readonly PurposeClock[] => {
  const clocks = [...purposes.values()]
    .filter(({ defaultAllowed }) => defaultAllowed === true)
    .flatMap((purpose) => purpose.clocks.filter(({ from }) => from === 'contract-end'));
  return [...new Map(clocks.map((clock) => [`${clock.period} ${clock.window}`, clock])).values()];
});
