import { addPeriod } from './calendar.js';
import { lapseOf } from './consent-proof.js';
import { decidedIn } from './permission.js';
import { contractClock } from './rules/contract-clock.js';
import { type Decided } from './rules/rule.js';
import { scopeValid } from './rules/scope-valid.js';
import { type Permission, type Purpose, type ReasonCode, type SubjectFacts, type TripleState } from './types.js';

/**
 * The moment a consent ended by its own clock, or with its contract or scope (C07, C08, C09, C88), also while something else
 * holds it closed, so that a later contract asks again; null otherwise.
 * @param earlier the facts before, where they moved
 */
export function endOfConsent(
  purpose: Purpose,
  state: TripleState | null,
  permission: Permission,
  facts: SubjectFacts | null,
  now: number,
  earlier: SubjectFacts | null = null,
): number | null {
  const given = purpose.choiceModel === 'opt-in' ? decidedIn(state) : null;
  if (given === null || permission.allowed) return null;
  if (given.status === 'requested') return permission.reason === 'expired' ? (given.confirmBy ?? null) : null;
  if (permission.reason === 'consent_lapsed') return lapseOf(purpose, given);
  if (given.status !== 'given') return null;
  const closing = closings(purpose, given, facts, now);
  // Whoever is no customer any more, and nobody said since when: another contract asks again.
  if (closing.some(isWithoutContract) && (state?.allowed === true || ranUnderAContract(purpose, given, earlier, now)))
    return now;
  const ends = closing.flatMap((reason) => endBy(reason, purpose, given, facts) ?? []);
  return ends.length === 0 ? null : Math.min(...ends);
}

/** What closes a consent of its scope and its contract, whichever rule is asked first. */
function closings(purpose: Purpose, decided: Decided, facts: SubjectFacts | null, now: number): ReasonCode[] {
  if (facts === null || facts.unregistered) return [];
  return [scopeValid, contractClock].flatMap((rule) => {
    const verdict = rule.judge({ purpose, decided, facts, now, ...NOT_ASKED });
    return verdict !== null && verdict !== 'passes' && 'closes' in verdict ? verdict.closes : [];
  });
}

const NOT_ASKED = { prerequisites: () => ({ allowed: false, nextChangeAt: null }), noUnderAnotherRole: () => null };

const isWithoutContract = (reason: ReasonCode): boolean =>
  reason === 'no_contract' || reason === 'contract_end_unknown';

const ranUnderAContract = (purpose: Purpose, given: Decided, earlier: SubjectFacts | null, now: number): boolean =>
  earlier !== null && !earlier.unregistered && !closings(purpose, given, earlier, now).some(isWithoutContract);

function endBy(reason: ReasonCode, purpose: Purpose, given: Decided, facts: SubjectFacts | null): number | null {
  switch (reason) {
    case 'scope_ended':
      return Math.max(given.decidedAt, facts?.validUntil ?? given.decidedAt);
    case 'contract_ended':
    case 'period_after_contract_over':
      return Math.max(given.decidedAt, addPeriod(facts?.contractEnd ?? given.decidedAt, afterContract(purpose)));
    default:
      return null;
  }
}

const afterContract = ({ clocks }: Purpose): string =>
  clocks.find(({ from }) => from === 'contract-end')?.period ?? 'PT0S';
