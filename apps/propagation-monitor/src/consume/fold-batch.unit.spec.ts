import {
  acknowledgementFormat,
  ConsentDecisionSchema,
  decisionFormat,
  HEADERS,
  PropagationAcknowledgementSchema,
} from '@consent/events';
import { type ConsumedRecord, RecordReader } from '@consent/kafka';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Chunk, type Portion } from '../gather/chunk.js';
import { transition } from '../gather/transition.js';
import { decisionView } from '../http/pair-view.js';
import { anyAnswer, anyDecision, anyHeaders } from '../spec/hostile.js';
import { type AnyHeaders, someDecision } from '../spec/wire.js';
import { foldBatch, type Readers } from './fold-batch.js';

const SYSTEM = 'group-sharing';
const NOW = 1_800_000_000_000;
const SCHEMA_ID = 1;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const decisions = decisionFormat();
const answers = acknowledgementFormat();
decisions.learn(SCHEMA_ID, ConsentDecisionSchema);
answers.learn(SCHEMA_ID, PropagationAcknowledgementSchema);
// Both schemas are known: no registry is asked.
const noRegistry = undefined as never;
const readers: Readers = {
  decisions: new RecordReader(decisions, noRegistry),
  acknowledgements: new RecordReader(answers, noRegistry),
};

const record = (value: Buffer, headers: AnyHeaders = {}): ConsumedRecord => ({
  ...{ topic: 't', partition: 0, offset: 0, timestamp: NOW, key: null, value },
  headers: headers as ConsumedRecord['headers'],
});

function folded(decision: ConsumedRecord, answer?: ConsumedRecord): Portion {
  const chunk = new Chunk();
  foldBatch(chunk, { records: [decision], systemId: null, now: NOW }, readers, () => undefined);
  if (answer) foldBatch(chunk, { records: [answer], systemId: SYSTEM, now: NOW }, readers, () => undefined);
  return chunk.take(Infinity);
}

const isTime = (at: number): boolean => Number.isInteger(at) && at >= 0 && at <= 253_402_300_799_999;
const isCount = (count: number): boolean => Number.isSafeInteger(count) && count >= 0;

/** Fails for what PostgreSQL's types would refuse, and for what no answer of the API could show. */
function expectStorable({ propagations, beats, heard }: Portion): void {
  for (const propagation of propagations.values()) {
    const { decisionId, subjectId, scopeId, purposeId, version, seenAt, facts, systems } = propagation;
    for (const id of [decisionId, subjectId, scopeId]) expect(id).toMatch(UUID);
    expect(purposeId).toMatch(/^(?!null$)[\w.:-]{1,200}$/i);
    expect(Number.isSafeInteger(version) && version > 0).toBe(true);
    const times = [seenAt, facts?.committedAt, facts?.clockStart].filter((at) => at !== undefined);
    for (const { applyBy, acknowledgedAt, appliedAt } of Object.values(systems))
      times.push(...[applyBy, acknowledgedAt, appliedAt].filter((at) => typeof at === 'number'));
    expect(times.filter((at) => !isTime(at))).toEqual([]);
    for (const { lagMs } of transition(null, propagation).settled) expect(isCount(lagMs)).toBe(true);
    expect(() => decisionView(propagation, NOW)).not.toThrow();
  }
  for (const { partition, sourceOffset } of beats) {
    expect(partition >= 0 && partition < 12).toBe(true);
    expect(isCount(sourceOffset)).toBe(true);
  }
  for (const { effect, parked } of heard.values()) {
    if (effect) expect(isCount(effect.count)).toBe(true);
    if (parked) expect(isCount(parked.records)).toBe(true);
  }
}

describe('what is read of a record', () => {
  it('can be stored and shown whatever its headers and its fields say, or is passed over', () => {
    const both = anyDecision.chain((decision) => fc.tuple(fc.constant(decision), anyAnswer(decision, SYSTEM)));
    fc.assert(
      fc.property(both, anyHeaders, ([decision, answer], headers) => {
        expectStorable(
          folded(
            record(decisions.encode(SCHEMA_ID, decision), headers),
            record(answers.encode(SCHEMA_ID, answer), headers),
          ),
        );
      }),
      { numRuns: 1_000 },
    );
  });

  it('counts a wait in the outbox that is no number of milliseconds, or longer than a year, as unknown', () => {
    const startOf = (waited: Buffer | null): number | undefined => {
      const decision = someDecision();
      const portion = folded(record(decisions.encode(SCHEMA_ID, decision), { [HEADERS.outboxWaitMs]: waited }));
      return portion.propagations.get(decision.decisionId)?.facts?.clockStart;
    };
    for (const senseless of ['1e300', 'Infinity', '-1', '0x10', '', '99999999999999999'])
      expect(startOf(Buffer.from(senseless))).toBe(NOW);
    expect(startOf(null)).toBe(NOW);
    expect(startOf(Buffer.from('40'))).toBe(NOW - 40);
  });
});
