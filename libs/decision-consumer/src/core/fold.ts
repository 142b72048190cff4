import { type ConsentDecision, type EffectCount, type Outcome } from '@consent/events';
import { type Arrival } from './arrival.js';
import { type Admission, guard, type InForce, mayOpen, type Surroundings } from './guard.js';
import { type HeldState } from './held.js';
import { REASONS } from './reasons.js';

/** A decision whose effects are run. */
export interface Step extends InForce {
  readonly kind: 'step';
  readonly arrival: Arrival;
  readonly decision: ConsentDecision;
  /** Given when it does not follow from what the effects change. */
  readonly outcome: 'conflict' | 'rejected' | null;
}

/** What is answered about one arrival. */
export type Verdict =
  /** Whatever comes of the step; a duplicate within the chunk shares it. */
  | Step
  /** `appliedAt` null: found out now. */
  | {
      readonly kind: 'settled';
      readonly outcome: Outcome;
      readonly reason: string | null;
      readonly effects: readonly EffectCount[];
      readonly appliedAt: number | null;
    }
  /** An opening behind something parked: parks too, unless a newer closing of the chunk supersedes it. */
  | { readonly kind: 'waits' }
  /** Parked before; says so again. */
  | { readonly kind: 'parked'; readonly reason: string };

export interface Answer {
  readonly arrival: Arrival;
  verdict: Verdict;
}

/** Two decisions of one version. */
export interface Conflict {
  readonly decision: ConsentDecision;
  readonly heldDecisionId: string;
}

export interface Folded {
  /** First pass: a closing that the newest decision opens again. It runs all the same, so that what it erases is gone. */
  closing: Step | null;
  /** Second pass. */
  newest: Step | null;
  readonly answers: Answer[];
  readonly conflicts: Conflict[];
}

const NONE: readonly EffectCount[] = [];
const settled = (outcome: Outcome, reason: string | null = null, appliedAt: number | null = null): Verdict => ({
  kind: 'settled',
  outcome,
  reason,
  effects: NONE,
  appliedAt,
});

/** Folds the arrivals of one (subject, scope, purpose) to at most two steps: a closing, then the newest. */
export function fold(arrivals: readonly Arrival[], held: HeldState | null, around: Surroundings): Folded {
  const folded: Folded = { closing: null, newest: null, answers: [], conflicts: [] };
  let lastClosing: Step | null = null;
  for (const arrival of inVersionOrder(arrivals)) {
    const before = folded.newest;
    const inForce: InForce | null = before ?? held;
    const admission = guard(arrival, held, before, around);
    if (admission === 'conflict')
      folded.conflicts.push({ decision: arrival.decision, heldDecisionId: inForce?.decisionId ?? '' });
    const verdict = verdictOn(admission, arrival, held, before, around);
    folded.answers.push({ arrival, verdict });
    if (verdict.kind !== 'step' || verdict === before) continue;
    if (before !== null && !before.allowed) lastClosing = before;
    folded.newest = verdict;
  }
  // A newest decision that closes does what an older closing would have done.
  if (folded.newest?.allowed === true) folded.closing = lastClosing;
  overtake(folded);
  return folded;
}

function verdictOn(
  admission: Admission,
  arrival: Arrival,
  held: HeldState | null,
  newest: Step | null,
  around: Surroundings,
): Verdict {
  switch (admission) {
    case 'admitted':
      return stepOf(arrival, around, around.purposeKnown ? null : 'rejected');
    case 'below-floor':
      return settled('superseded', REASONS.belowFloor);
    case 'older':
      return settled('superseded', null, held?.appliedAt);
    case 'duplicate':
      return newest ?? again(held);
    case 'conflict':
      // Restrictive wins, whichever came first.
      return (newest ?? held)?.allowed === true && !mayOpen(arrival.decision, around)
        ? stepOf(arrival, around, 'conflict')
        : settled('conflict', REASONS.sameVersion);
    case 'parked':
      return { kind: 'parked', reason: reasonOf(arrival, around) };
    case 'waits':
      return { kind: 'waits' };
    case 'evidence':
      return settled('no_effect');
    case 'not-ledger-head':
      return settled('rejected', REASONS.notLedgerHead);
  }
}

function stepOf(arrival: Arrival, around: Surroundings, outcome: Step['outcome']): Step {
  const { decision } = arrival;
  const { version, decisionId } = decision;
  return { kind: 'step', arrival, decision, version, decisionId, allowed: mayOpen(decision, around), outcome };
}

const reasonOf = ({ decision }: Arrival, { parked }: Surroundings): string =>
  parked.find(({ decisionId }) => decisionId === decision.decisionId)?.reason ?? REASONS.waitsForParked;

/** The held decision again: the same answer, with the first time. */
const again = (held: HeldState | null): Verdict =>
  held === null
    ? settled('superseded')
    : {
        kind: 'settled',
        outcome: held.outcome,
        reason: held.reason,
        effects: held.effects,
        appliedAt: held.appliedAt,
      };

/** Steps that a newer one took the place of are superseded, or lost a conflict. */
function overtake({ answers, closing, newest }: Folded): void {
  if (answers.length === 1) return;
  for (const answer of answers) {
    const step = answer.verdict;
    if (step.kind !== 'step' || step === newest || step === closing) continue;
    answer.verdict =
      step.version === newest?.version ? settled('conflict', REASONS.sameVersion) : settled('superseded');
  }
}

/** Stable, so that of two decisions with one version the first to arrive comes first. */
function inVersionOrder(arrivals: readonly Arrival[]): readonly Arrival[] {
  for (let i = 1; i < arrivals.length; i++)
    if ((arrivals[i]?.decision.version ?? 0) < (arrivals[i - 1]?.decision.version ?? 0))
      return arrivals.toSorted((a, b) => a.decision.version - b.decision.version);
  return arrivals;
}
