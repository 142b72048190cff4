import { type EffectCount } from '@consent/events';
import { openState, type Pair, type Propagation } from '../gather/propagation.js';

export type PairState = 'applied' | 'pending' | 'overdue' | 'parked' | 'superseded' | 'conflict' | 'rejected';

/** One system's answer to one decision. */
export interface PairView {
  systemId: string;
  state: PairState;
  /** As the system put it; null while it has said nothing. */
  outcome: string | null;
  reason: string | null;
  /** The system's claim. */
  appliedAt: string | null;
  /** Broker's append time of the acknowledgement. */
  acknowledgedAt: string | null;
  /** Propagation lag; null until complied with. */
  lagMs: number | null;
  /** Not complied with, and past the deadline, whatever the state. */
  overdue: boolean;
  effects: EffectCount[];
  applyBy: string | null;
  replayId: string | null;
}

export interface DecisionView {
  decisionId: string;
  subjectId: string;
  version: number;
  scopeId: string;
  purposeId: string;
  /** Null while only acknowledgements have been read, as in the four below. */
  status: string | null;
  direction: string | null;
  lane: string | null;
  committedAt: string | null;
  systems: PairView[];
}

const iso = (at: number | null | undefined): string | null =>
  typeof at === 'number' ? new Date(at).toISOString() : null;

export function pairState(pair: Pair, now: number): PairState {
  const open = openState(pair);
  if (open === null) return pair.outcome === 'superseded' ? 'superseded' : 'applied';
  return open === 'pending' && pair.applyBy !== undefined && pair.applyBy < now ? 'overdue' : open;
}

export function decisionView(propagation: Propagation, now: number): DecisionView {
  const { facts, systems, ...rest } = propagation;
  return {
    decisionId: rest.decisionId,
    subjectId: rest.subjectId,
    version: rest.version,
    scopeId: rest.scopeId,
    purposeId: rest.purposeId,
    status: facts?.status ?? null,
    direction: facts?.direction ?? null,
    lane: facts?.lane ?? null,
    committedAt: iso(facts?.committedAt),
    // Once the decision is known, an answer of a system it does not concern is none of it.
    systems: Object.entries(systems)
      .filter(([, pair]) => facts === null || pair.applyBy !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([systemId, pair]) => pairView(systemId, pair, facts?.clockStart ?? null, now)),
  };
}

function pairView(systemId: string, pair: Pair, clockStart: number | null, now: number): PairView {
  const settled = openState(pair) === null;
  const { acknowledgedAt, applyBy } = pair;
  return {
    systemId,
    state: pairState(pair, now),
    outcome: pair.outcome ?? null,
    reason: pair.reason ?? null,
    appliedAt: iso(pair.appliedAt),
    acknowledgedAt: iso(acknowledgedAt),
    lagMs:
      settled && clockStart !== null && acknowledgedAt !== undefined ? Math.max(0, acknowledgedAt - clockStart) : null,
    overdue: !settled && applyBy !== undefined && applyBy < now,
    effects: pair.effects ?? [],
    applyBy: iso(applyBy),
    replayId: pair.replayId ?? null,
  };
}
