import {
  type ConsentDecision,
  type EffectCount,
  HEARTBEAT_PURPOSE,
  opens,
  type PropagationAcknowledgement,
} from '@consent/events';
import { unfitAcknowledgement, unfitDecision } from './fit-to-store.js';
import { mergePair } from './merge.js';
import { isComplete, type Pair, type Propagation } from './propagation.js';

/** A heartbeat by its place on the decisions topic, and who has answered it. */
export interface Beat {
  partition: number;
  sourceOffset: number;
  appendedAt: number | null;
  /** When it was put into the outbox, by the clock of the ledger's database. */
  committedAt: number | null;
  answered: Set<string>;
  seenAt: number;
}

/** What was heard last from a system. */
export interface Heard {
  lastAnswerAt: number;
  effect: EffectCount | null;
  effectAt: number | null;
  /** What it said it has parked, and when; null: nothing said. */
  parked: { records: number; at: number } | null;
}

/** Where a record stood, and when the broker appended it. */
export interface RecordPlace {
  topic: string;
  partition: number;
  offset: number;
  timestamp: number;
}

export interface DecisionHeaders {
  outboxWaitMs: number;
  bulk: boolean;
}

/** What is to be stored in one transaction. */
export interface Portion {
  propagations: ReadonlyMap<string, Propagation>;
  beats: readonly Beat[];
  heard: ReadonlyMap<string, Heard>;
}

interface Entry {
  propagation: Propagation;
  /** When its first record was read. */
  since: number;
  /** The first record of each partition that went into it: where reading would have to begin again. */
  places: RecordPlace[];
}

/**
 * Records of many partitions folded together: one entry a decision, a heartbeat, a system. A decision stays until all its
 * answers are in, or it has waited long enough, so that it is mostly written once.
 */
export class Chunk {
  readonly #entries = new Map<string, Entry>();
  #beats = new Map<string, Beat>();
  #heard = new Map<string, Heard>();

  /** Decisions held. */
  get size(): number {
    return this.#entries.size;
  }

  /** @returns why the record cannot be used, or null */
  addDecision(decision: ConsentDecision, place: RecordPlace, headers: DecisionHeaders, now: number): string | null {
    const unfit = unfitDecision(decision);
    if (unfit !== null) return unfit;
    const { timestamp } = place;
    if (decision.purposeId === HEARTBEAT_PURPOSE) {
      const beat = this.#beat(place.partition, place.offset, timestamp);
      Object.assign(beat, { appendedAt: timestamp, committedAt: decision.committedAt });
      return null;
    }
    const { propagation } = this.#entry(decision, decision.scope.id, place, now);
    // A relay that publishes twice delays nobody: the first record counts.
    if (propagation.facts === null)
      Object.assign(propagation, named(decision, decision.scope.id), {
        facts: {
          status: decision.status,
          direction: opens(decision) ? 'opening' : 'closing',
          lane: headers.bulk ? 'bulk' : 'live',
          committedAt: decision.committedAt,
          clockStart: timestamp - headers.outboxWaitMs,
        },
      });
    for (const { systemId, applyBy } of decision.systems) addPair(propagation, systemId, { applyBy });
    return null;
  }

  /**
   * @param systemId the system whose topic the record stood on, which alone may write there
   * @returns why the record cannot be used, or null
   */
  addAcknowledgement(
    systemId: string,
    answer: PropagationAcknowledgement,
    place: RecordPlace,
    now: number,
  ): string | null {
    const isBeat = answer.purposeId === HEARTBEAT_PURPOSE;
    const known = this.#entries.has(answer.decisionId);
    const unfit = unfitAcknowledgement(answer, systemId, known);
    if (unfit !== null) return unfit;
    // A broker whose clock was ahead for a while must not make a system look heard for as long.
    const heardAt = Math.min(place.timestamp, now);
    const heard = this.#hear(systemId, heardAt, isBeat ? [] : answer.effects);
    if (isBeat) {
      const { parkedRecords: records } = answer;
      if (records !== null && heardAt >= (heard.parked?.at ?? 0)) heard.parked = { records, at: heardAt };
      this.#beat(answer.source.partition, answer.source.offset, place.timestamp).answered.add(systemId);
      return null;
    }
    const { propagation } = this.#entry(answer, answer.scopeId, place, now);
    addPair(propagation, systemId, {
      outcome: answer.outcome,
      acknowledgedAt: place.timestamp,
      offset: place.offset,
      appliedAt: answer.appliedAt,
      effects: answer.effects,
      ...(answer.reason === null ? {} : { reason: answer.reason }),
      ...(answer.replayId === null ? {} : { replayId: answer.replayId }),
    });
    return null;
  }

  /** Takes out what is to be stored now: decisions that are complete or were first read before `before`. */
  take(before: number): Portion {
    const propagations = new Map<string, Propagation>();
    for (const [id, { propagation, since }] of this.#entries)
      if (since < before || isComplete(propagation)) {
        propagations.set(id, propagation);
        this.#entries.delete(id);
      }
    const portion = { propagations, beats: [...this.#beats.values()], heard: this.#heard };
    this.#beats = new Map();
    this.#heard = new Map();
    return portion;
  }

  /** The oldest record of each partition that went into what is still held. */
  *held(): Generator<RecordPlace> {
    for (const { places } of this.#entries.values()) yield* places;
  }

  #entry(of: Named, scopeId: string, place: RecordPlace, now: number): Entry {
    let entry = this.#entries.get(of.decisionId);
    if (!entry) {
      const propagation: Propagation = { ...named(of, scopeId), seenAt: place.timestamp, facts: null, systems: {} };
      this.#entries.set(of.decisionId, (entry = { propagation, since: now, places: [] }));
    }
    const { places } = entry;
    if (!places.some(({ topic, partition }) => topic === place.topic && partition === place.partition))
      places.push(place);
    return entry;
  }

  #beat(partition: number, sourceOffset: number, seenAt: number): Beat {
    const key = `${partition}/${sourceOffset}`;
    let beat = this.#beats.get(key);
    if (!beat)
      this.#beats.set(
        key,
        (beat = { partition, sourceOffset, appendedAt: null, committedAt: null, answered: new Set(), seenAt }),
      );
    return beat;
  }

  #hear(systemId: string, at: number, effects: readonly EffectCount[]): Heard {
    let heard = this.#heard.get(systemId);
    if (!heard) this.#heard.set(systemId, (heard = { lastAnswerAt: at, effect: null, effectAt: null, parked: null }));
    heard.lastAnswerAt = Math.max(heard.lastAnswerAt, at);
    const effect = effects.findLast(({ count }) => count > 0);
    if (effect && at >= (heard.effectAt ?? 0)) Object.assign(heard, { effect, effectAt: at });
    return heard;
  }
}

type Named = Pick<Propagation, 'decisionId' | 'subjectId' | 'version' | 'purposeId'>;

const named = ({ decisionId, subjectId, version, purposeId }: Named, scopeId: string) => ({
  decisionId,
  subjectId,
  version,
  scopeId,
  purposeId,
});

function addPair({ systems }: Propagation, systemId: string, pair: Pair): void {
  const known = systems[systemId];
  systems[systemId] = known === undefined ? pair : mergePair(known, pair);
}
