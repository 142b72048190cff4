import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { merge } from './merge.js';
import { isSettled, type Pair, type Propagation } from './propagation.js';

const blank: Propagation = {
  decisionId: 'd',
  subjectId: 's',
  version: 1,
  scopeId: 's',
  purposeId: 'p',
  seenAt: 1,
  facts: null,
  systems: {},
};
const theDecision: Propagation = {
  ...blank,
  facts: { status: 'withdrawn', direction: 'closing', lane: 'live', committedAt: 1, clockStart: 1 },
  systems: { a: { applyBy: 9 }, b: { applyBy: 9 } },
};
const answer = (system: string, pair: Pair): Propagation => ({ ...blank, systems: { [system]: pair } });
const anAnswer = fc
  .record({
    system: fc.constantFrom('a', 'b'),
    outcome: fc.constantFrom('applied' as const, 'superseded' as const, 'parked' as const, 'conflict' as const),
    acknowledgedAt: fc.integer({ min: 1, max: 1_000_000 }),
  })
  .map(({ system, ...pair }) => answer(system, pair));

describe('merge', () => {
  it('gives the same whatever is read first', () => {
    const findings = fc
      .uniqueArray(anAnswer, {
        selector: (found) => JSON.stringify(Object.values(found.systems).map((p) => p.acknowledgedAt)),
      })
      .map((answers) => [theDecision, ...answers]);
    const inTwoOrders = findings.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
    );
    fc.assert(
      fc.property(inTwoOrders, ([one, other]) => {
        expect(other.reduce(merge, blank)).toEqual(one.reduce(merge, blank));
      }),
    );
  });

  it('changes nothing when the same is read again, and says so by giving what was known', () => {
    fc.assert(
      fc.property(fc.array(anAnswer), (answers) => {
        const all = [theDecision, ...answers].reduce(merge, blank);
        expect(answers.reduce(merge, all)).toBe(all);
      }),
    );
  });

  it('never takes a settled pair back', () => {
    fc.assert(
      fc.property(fc.array(anAnswer), anAnswer, (before, next) => {
        const known = before.reduce(merge, theDecision);
        const after = merge(known, next);
        for (const [system, pair] of Object.entries(known.systems))
          if (isSettled(pair.outcome)) expect(isSettled(after.systems[system]?.outcome)).toBe(true);
      }),
    );
  });

  it('lets the first compliance count, and of what is not compliance the newest', () => {
    const twice = [
      answer('a', { outcome: 'applied', acknowledgedAt: 20 }),
      answer('a', { outcome: 'no_effect', acknowledgedAt: 10 }),
      answer('b', { outcome: 'parked', acknowledgedAt: 10 }),
      answer('b', { outcome: 'conflict', acknowledgedAt: 20 }),
    ].reduce(merge, theDecision);
    expect(twice.systems).toEqual({
      a: { applyBy: 9, outcome: 'no_effect', acknowledgedAt: 10 },
      b: { applyBy: 9, outcome: 'conflict', acknowledgedAt: 20 },
    });
  });
});
