import { type Lane, type Outcome } from '@consent/events';
import { type Direction, isSettled, openState, type OpenState, type Propagation } from './propagation.js';

/** A row of the table of open pairs. */
export interface OpenPair {
  systemId: string;
  clockStart: number;
  decisionId: string;
  direction: Direction;
  applyBy: number;
  state: OpenState;
}

/** A pair that has just become settled. */
export interface Settlement {
  systemId: string;
  direction: Direction;
  lane: Lane;
  outcome: Outcome;
  acknowledgedAt: number;
  /** Propagation lag. Two brokers' clocks can differ by a little: never below 0. */
  lagMs: number;
}

export interface Transition {
  opened: OpenPair[];
  /** Still open, for another reason. */
  moved: OpenPair[];
  closed: OpenPair[];
  settled: Settlement[];
}

/**
 * What changed for the pairs of a decision. Only pairs of a decision that has been read count: who is concerned, and since
 * when, stands in it alone. Nothing is reported twice, however often a record is read.
 */
export function transition(before: Propagation | null, after: Propagation): Transition {
  const changes: Transition = { opened: [], moved: [], closed: [], settled: [] };
  const { facts } = after;
  if (facts === null) return changes;
  for (const [systemId, pair] of Object.entries(after.systems)) {
    if (pair.applyBy === undefined) continue;
    const was = before?.facts ? before.systems[systemId] : undefined;
    const stateBefore = was?.applyBy === undefined ? 'unknown' : (openState(was) ?? 'settled');
    const state = openState(pair);
    if ((state ?? 'settled') === stateBefore) continue;
    const open = (as: OpenState): OpenPair => ({
      systemId,
      clockStart: facts.clockStart,
      decisionId: after.decisionId,
      direction: facts.direction,
      applyBy: pair.applyBy ?? 0,
      state: as,
    });
    if (state !== null) (stateBefore === 'unknown' ? changes.opened : changes.moved).push(open(state));
    else if (stateBefore !== 'unknown') changes.closed.push(open('pending'));
    if (isSettled(pair.outcome) && pair.outcome !== undefined && pair.acknowledgedAt !== undefined)
      changes.settled.push({
        systemId,
        direction: facts.direction,
        lane: facts.lane,
        outcome: pair.outcome,
        acknowledgedAt: pair.acknowledgedAt,
        lagMs: Math.max(0, pair.acknowledgedAt - facts.clockStart),
      });
  }
  return changes;
}
