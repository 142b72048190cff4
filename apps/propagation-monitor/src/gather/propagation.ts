import { type EffectCount, type Lane, type Outcome } from '@consent/events';

export type Direction = 'opening' | 'closing';

/** Where an acknowledgement stands in its partition; a pair's all stand in one. */
export interface AnswerPlace {
  /** Broker's append time, epoch milliseconds. */
  acknowledgedAt?: number;
  /** Parts what the broker took in together. Absent when the release before stored the answer. */
  offset?: number;
}

export const isBefore = (one: AnswerPlace, other: AnswerPlace): boolean =>
  (one.acknowledgedAt ?? 0) === (other.acknowledgedAt ?? 0)
    ? (one.offset ?? -1) < (other.offset ?? -1)
    : (one.acknowledgedAt ?? 0) < (other.acknowledgedAt ?? 0);

/** What is known of one pair; its place is that of the acknowledgement that counts. Times in epoch milliseconds. */
export interface Pair extends AnswerPlace {
  /** Deadline; absent when the decision does not concern the system, or has not been read yet. */
  applyBy?: number;
  outcome?: Outcome;
  /** The system's own claim. */
  appliedAt?: number | null;
  effects?: EffectCount[];
  reason?: string | null;
  replayId?: string | null;
  /** Of a settled pair: the newest answer that does not settle it. What settled it before that counts no more. */
  unsettled?: AnswerPlace;
}

/** What only the decision itself tells. */
export interface DecisionFacts {
  status: string;
  direction: Direction;
  lane: Lane;
  committedAt: number;
  /** Broker's append time less the outbox wait: the commit on the broker's clock. */
  clockStart: number;
}

/** All that is known of one decision's way, from either side; its ids are what an acknowledgement says until the decision is read. */
export interface Propagation {
  decisionId: string;
  subjectId: string;
  version: number;
  scopeId: string;
  purposeId: string;
  /** Append time of the first record read about it. */
  seenAt: number;
  /** Null while only acknowledgements have been read. */
  facts: DecisionFacts | null;
  systems: Record<string, Pair>;
}

/** Complied with: nothing is left to do for the pair. */
export const isSettled = (outcome: Outcome | undefined): boolean =>
  outcome === 'applied' || outcome === 'no_effect' || outcome === 'superseded';

/** What keeps a pair open. An outcome this build does not know leaves it pending: unknown is not fine. */
export type OpenState = 'pending' | 'parked' | 'conflict' | 'rejected';

/** Null when the pair is settled. */
export function openState({ outcome }: Pair): OpenState | null {
  if (isSettled(outcome)) return null;
  return outcome === 'parked' || outcome === 'conflict' || outcome === 'rejected' ? outcome : 'pending';
}

/** Every system concerned has complied: nothing more is to be expected. */
export function isComplete({ facts, systems }: Propagation): boolean {
  if (facts === null) return false;
  for (const system in systems) {
    const pair = systems[system];
    if (pair?.applyBy !== undefined && !isSettled(pair.outcome)) return false;
  }
  return true;
}
