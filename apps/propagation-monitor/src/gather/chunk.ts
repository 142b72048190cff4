import {
  type ConsentDecision,
  type EffectCount,
  HEARTBEAT_PURPOSE,
  opens,
  type PropagationAcknowledgement,
} from '@consent/events';
import { merge } from './merge.js';
import { type Pair, type Propagation } from './propagation.js';

/** A heartbeat by its place on the decisions topic, and who has answered it. */
export interface Beat {
  partition: number;
  sourceOffset: number;
  appendedAt: number | null;
  answered: Set<string>;
  seenAt: number;
}

/** What was heard last from a system. */
export interface Heard {
  lastAnswerAt: number;
  effect: EffectCount | null;
  effectAt: number | null;
}

/** Where a record stood, and when the broker appended it. */
export interface RecordPlace {
  partition: number;
  offset: number;
  timestamp: number;
}

export interface DecisionHeaders {
  outboxWaitMs: number;
  bulk: boolean;
}

/** Records of many partitions folded together: one entry a decision, a heartbeat, a system. */
export class Chunk {
  readonly propagations = new Map<string, Propagation>();
  readonly beats = new Map<string, Beat>();
  readonly heard = new Map<string, Heard>();

  addDecision(
    decision: ConsentDecision,
    { partition, offset, timestamp }: RecordPlace,
    headers: DecisionHeaders,
  ): void {
    if (decision.purposeId === HEARTBEAT_PURPOSE) {
      this.#beat(partition, offset, timestamp).appendedAt = timestamp;
      return;
    }
    const systems: Record<string, Pair> = {};
    for (const { systemId, applyBy } of decision.systems) systems[systemId] = { applyBy };
    this.#add({
      decisionId: decision.decisionId,
      subjectId: decision.subjectId,
      version: decision.version,
      scopeId: decision.scope.id,
      purposeId: decision.purposeId,
      seenAt: timestamp,
      facts: {
        status: decision.status,
        direction: opens(decision) ? 'opening' : 'closing',
        lane: headers.bulk ? 'bulk' : 'live',
        committedAt: decision.committedAt,
        clockStart: timestamp - headers.outboxWaitMs,
      },
      systems,
    });
  }

  /** @param systemId the system whose topic the record stood on, which alone may write there */
  addAcknowledgement(systemId: string, answer: PropagationAcknowledgement, { timestamp }: RecordPlace): void {
    const isBeat = answer.purposeId === HEARTBEAT_PURPOSE;
    this.#hear(systemId, timestamp, isBeat ? [] : answer.effects);
    if (isBeat) {
      // A heartbeat has no business at any place but the decisions topic; a replayed one would have no place there.
      this.#beat(answer.source.partition, answer.source.offset, timestamp).answered.add(systemId);
      return;
    }
    this.#add({
      decisionId: answer.decisionId,
      subjectId: answer.subjectId,
      version: answer.version,
      scopeId: answer.scopeId,
      purposeId: answer.purposeId,
      seenAt: timestamp,
      facts: null,
      systems: {
        [systemId]: {
          outcome: answer.outcome,
          acknowledgedAt: timestamp,
          appliedAt: answer.appliedAt,
          effects: answer.effects,
          ...(answer.reason === null ? {} : { reason: answer.reason }),
          ...(answer.replayId === null ? {} : { replayId: answer.replayId }),
        },
      },
    });
  }

  #add(found: Propagation): void {
    const known = this.propagations.get(found.decisionId);
    this.propagations.set(found.decisionId, known ? merge(known, found) : found);
  }

  #beat(partition: number, sourceOffset: number, seenAt: number): Beat {
    const key = `${partition}/${sourceOffset}`;
    let beat = this.beats.get(key);
    if (!beat) this.beats.set(key, (beat = { partition, sourceOffset, appendedAt: null, answered: new Set(), seenAt }));
    return beat;
  }

  #hear(systemId: string, at: number, effects: readonly EffectCount[]): void {
    let heard = this.heard.get(systemId);
    if (!heard) this.heard.set(systemId, (heard = { lastAnswerAt: at, effect: null, effectAt: null }));
    heard.lastAnswerAt = Math.max(heard.lastAnswerAt, at);
    const effect = effects.findLast(({ count }) => count > 0);
    if (effect && at >= (heard.effectAt ?? 0)) Object.assign(heard, { effect, effectAt: at });
  }
}
