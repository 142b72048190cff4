import {
  type ConsentDecision,
  type EffectCount,
  HEARTBEAT_PURPOSE,
  type Outcome,
  type ScopeLevel,
  type Triple,
} from '@consent/events';
import { type Arrival } from './arrival.js';
import { type Answer, type Step } from './fold.js';
import { type Unit } from './plan.js';
import { REASONS } from './reasons.js';

/** How the steps of one unit went. */
export interface UnitRun {
  readonly unit: Unit;
  /** Steps whose effects are in, in order. */
  readonly applied: readonly Step[];
  /** Why the other steps failed for good; null when none did. */
  readonly failure: Failure | null;
}

export interface Failure {
  readonly reason: string;
  /** For whoever releases it; no personal data. */
  readonly detail: string;
}

/** What is said about one arrival. */
export interface Concluded {
  readonly arrival: Arrival;
  readonly outcome: Outcome;
  readonly reason: string | null;
  readonly effects: readonly EffectCount[];
  /** Epoch ms; null while parked. */
  readonly appliedAt: number | null;
}

/** The next state of a triple. It replaces the version held when the rows were locked, or nothing. */
export interface StateWrite {
  readonly triple: Triple;
  readonly heldVersion: number | null;
  readonly scopeLevel: ScopeLevel;
  readonly version: number;
  readonly decisionId: string;
  readonly status: string;
  readonly allowed: boolean;
  readonly outcome: Outcome;
  readonly reason: string | null;
  readonly effects: readonly EffectCount[];
}

export interface ToPark extends Failure {
  readonly arrival: Arrival;
  /** The row in which it is parked already, be it from another record; null when there is none. */
  readonly parkedId: string | null;
}

/** A parked row that waits no more. */
export interface Resolved {
  readonly parkedId: string;
  readonly outcome: Outcome;
  readonly reason: string | null;
  readonly effects: readonly EffectCount[];
  /** Given when the row was unreadable when it parked. */
  readonly decision: ConsentDecision | null;
}

export interface Conclusions {
  readonly concluded: Concluded[];
  readonly states: StateWrite[];
  readonly park: ToPark[];
  readonly resolved: Resolved[];
}

type Effects = ReadonlyMap<string, readonly EffectCount[]>;
const NONE: readonly EffectCount[] = [];

/**
 * Turns what was done about units into answers, the states to write, and what is parked or waits no more. Pure.
 * @param effects what changed, by decision
 * @param now epoch ms
 */
export function conclude(runs: readonly UnitRun[], effects: Effects, now: number): Conclusions {
  const all: Conclusions = { concluded: [], states: [], park: [], resolved: [] };
  for (const { unit, applied, failure } of runs) {
    const last = applied.at(-1) ?? null;
    if (last !== null) all.states.push(stateAfter(unit, last, effects));
    const first = all.concluded.length;
    for (const answer of unit.answers) {
      const said = sayOf(answer, applied, failure, effects, now);
      all.concluded.push(said);
      const { arrival, verdict } = answer;
      if (said.outcome === 'parked' && verdict.kind !== 'parked' && !isRepeated(answer, unit))
        all.park.push({
          arrival,
          parkedId: rowOf(arrival, unit),
          ...(verdict.kind === 'step' && failure !== null ? failure : WAITS),
        });
    }
    if (unit.parked.length > 0 || unit.answers.some(({ arrival }) => arrival.parkedId !== null))
      all.resolved.push(...resolvedBy(unit, last, all.concluded.slice(first)));
  }
  return all;
}

/** One row a decision: what came twice in a chunk, from live and replay perhaps, parks once. */
const isRepeated = ({ arrival }: Answer, { answers }: Unit): boolean =>
  arrival.parkedId === null &&
  answers.find((other) => other.arrival.decision.decisionId === arrival.decision.decisionId)?.arrival !== arrival;

/** The parked row that holds the decision. */
const rowOf = ({ parkedId, decision }: Arrival, { parked }: Unit): string | null =>
  parkedId ?? parked.find((row) => row.decisionId === decision.decisionId)?.id ?? null;

const WAITS: Failure = { reason: REASONS.waitsForParked, detail: 'an older decision of the same triple is parked' };

function sayOf(
  { arrival, verdict }: Answer,
  applied: readonly Step[],
  failure: Failure | null,
  effects: Effects,
  now: number,
): Concluded {
  const last = applied.at(-1);
  const own = effects.get(arrival.decision.decisionId) ?? NONE;
  switch (verdict.kind) {
    case 'settled':
      return {
        arrival,
        outcome: verdict.outcome,
        reason: verdict.reason,
        effects: verdict.effects,
        appliedAt: verdict.appliedAt ?? now,
      };
    case 'step':
      if (verdict === last)
        return {
          arrival,
          outcome: outcomeOf(verdict, effects),
          reason: reasonOf(verdict),
          effects: own,
          appliedAt: now,
        };
      if (applied.includes(verdict)) return superseded(arrival, own, now);
      return { arrival, outcome: 'parked', reason: failure?.reason ?? null, effects: own, appliedAt: null };
    case 'waits':
    case 'parked': {
      if (last !== undefined && last.version > arrival.decision.version) return superseded(arrival, NONE, now);
      const reason = verdict.kind === 'parked' ? verdict.reason : WAITS.reason;
      return { arrival, outcome: 'parked', reason, effects: NONE, appliedAt: null };
    }
  }
}

const superseded = (arrival: Arrival, effects: readonly EffectCount[], now: number): Concluded => ({
  arrival,
  outcome: 'superseded',
  reason: null,
  effects,
  appliedAt: now,
});

function outcomeOf({ decision, outcome }: Step, effects: Effects): Outcome {
  if (outcome !== null) return outcome;
  // A heartbeat changes nothing by design; that it came through is the point.
  return decision.purposeId === HEARTBEAT_PURPOSE || effects.has(decision.decisionId) ? 'applied' : 'no_effect';
}

function reasonOf({ outcome }: Step): string | null {
  if (outcome === null) return null;
  return outcome === 'rejected' ? REASONS.noHandler : REASONS.sameVersion;
}

function stateAfter(unit: Unit, step: Step, effects: Effects): StateWrite {
  const { decision, allowed } = step;
  return {
    triple: unit.triple,
    heldVersion: unit.held?.version ?? null,
    scopeLevel: decision.scope.level,
    version: decision.version,
    decisionId: decision.decisionId,
    status: decision.status,
    allowed,
    outcome: outcomeOf(step, effects),
    reason: reasonOf(step),
    effects: effects.get(decision.decisionId) ?? NONE,
  };
}

/** Released rows that were answered, and older ones that a step superseded. */
function resolvedBy(unit: Unit, last: Step | null, concluded: readonly Concluded[]): Resolved[] {
  const resolved = new Map<string, Resolved>();
  if (last !== null)
    for (const { id, version } of unit.parked)
      if (version !== null && version < last.version)
        resolved.set(id, { parkedId: id, outcome: 'superseded', reason: null, effects: NONE, decision: null });
  for (const { arrival, outcome, reason, effects } of concluded) {
    if (outcome === 'parked') continue;
    const parkedId = rowOf(arrival, unit);
    if (parkedId !== null) resolved.set(parkedId, { parkedId, outcome, reason, effects, decision: arrival.decision });
  }
  return [...resolved.values()];
}
