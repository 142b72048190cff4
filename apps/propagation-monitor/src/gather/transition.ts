import { type Lane, type Outcome } from '@consent/events';
import { type Direction, isBefore, openState, type OpenState, type Propagation } from './propagation.js';

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

/** A pair that was counted as settled with this outcome, until its system said that it does not comply any more. */
export interface TakenBack {
  systemId: string;
  outcome: Outcome;
}

export interface Transition {
  opened: OpenPair[];
  /** Still open, for another reason. */
  moved: OpenPair[];
  closed: OpenPair[];
  settled: Settlement[];
  takenBack: TakenBack[];
}

/**
 * What changed for the pairs of a decision. Only pairs of a decision that has been read count: who is concerned, and since
 * when, stands in it alone. Nothing is reported twice, however often a record is read.
 */
export function transition(before: Propagation | null, after: Propagation): Transition {
  const changes: Transition = { opened: [], moved: [], closed: [], settled: [], takenBack: [] };
  const { facts } = after;
  if (facts === null) return changes;
  for (const [systemId, pair] of Object.entries(after.systems)) {
    if (pair.applyBy === undefined) continue;
    const known = before?.facts ? before.systems[systemId] : undefined;
    const was = known?.applyBy === undefined ? undefined : known;
    const stateBefore = was && openState(was);
    const state = openState(pair);
    // Settled, lost and settled again within one reading is a settlement of its own.
    if (state === stateBefore && !(was && state === null && isBefore(was, pair))) continue;
    if (was?.outcome !== undefined && stateBefore === null) changes.takenBack.push({ systemId, outcome: was.outcome });
    const open = (as: OpenState): OpenPair => ({
      systemId,
      clockStart: facts.clockStart,
      decisionId: after.decisionId,
      direction: facts.direction,
      applyBy: pair.applyBy ?? 0,
      state: as,
    });
    if (state !== null) (stateBefore ? changes.moved : changes.opened).push(open(state));
    else if (stateBefore) changes.closed.push(open('pending'));
    if (state === null && pair.outcome !== undefined && pair.acknowledgedAt !== undefined)
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
