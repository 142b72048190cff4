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

/** The answers of a system in the order of its partition; some in one millisecond, as the broker takes in a batch. */
const answersOf = (system: string) =>
  fc
    .array(
      fc.record({
        outcome: fc.constantFrom('applied' as const, 'superseded' as const, 'parked' as const, 'conflict' as const),
        laterMs: fc.integer({ min: 0, max: 2 }),
      }),
      { maxLength: 12 },
    )
    .map((said) => {
      let acknowledgedAt = 10;
      return said.map(({ outcome, laterMs }, offset) =>
        answer(system, { outcome, acknowledgedAt: (acknowledgedAt += laterMs), offset }),
      );
    });

/** Findings as the monitor makes and joins them: portions in order, of which each may begin again before the one before ended. */
const portionsOf = (answers: readonly Propagation[]) =>
  fc
    .array(fc.tuple(fc.nat({ max: 5 }), fc.nat({ max: 5 })), { maxLength: 8 })
    .map((steps) => {
      const portions: Propagation[][] = [];
      let read = 0;
      for (const [back, ahead] of steps) {
        const from = Math.max(0, read - back);
        portions.push(answers.slice(from, from + ahead));
        read = Math.max(read, Math.min(from + ahead, answers.length));
      }
      return [...portions, answers.slice(read)].filter((portion) => portion.length > 0);
    })
    .map((portions) => portions.map((portion) => portion.reduce(merge)));

const readings = fc.tuple(answersOf('a'), answersOf('b')).chain(([a, b]) =>
  fc.tuple(fc.constant({ a, b }), portionsOf(a), portionsOf(b)).chain(([said, ofA, ofB]) =>
    fc.record({
      said: fc.constant(said),
      ofA: fc.constant(ofA),
      ofB: fc.constant(ofB),
      decisionAt: fc.nat({ max: ofA.length }),
    }),
  ),
);

/** By the words of the rule, of all that was said. */
function expectedOf(said: readonly Propagation[], system: string): object {
  const pairs = said.flatMap(({ systems }) => systems[system] ?? []);
  const unsettled = pairs.findLastIndex(({ outcome }) => !isSettled(outcome));
  const counts = pairs[unsettled + 1] ?? pairs[unsettled];
  return { applyBy: 9, outcome: counts?.outcome, acknowledgedAt: counts?.acknowledgedAt };
}
const shownOf = ({ systems }: Propagation, system: string) => ({
  applyBy: systems[system]?.applyBy,
  outcome: systems[system]?.outcome,
  acknowledgedAt: systems[system]?.acknowledgedAt,
});

describe('merge', () => {
  it('lets the first settling answer count behind the newest other one, however reading was cut up and begun again', () => {
    fc.assert(
      fc.property(readings, ({ said, ofA, ofB, decisionAt }) => {
        const found = [...ofA.slice(0, decisionAt), theDecision, ...ofA.slice(decisionAt), ...ofB];
        const all = found.reduce(merge, blank);
        expect(shownOf(all, 'a')).toEqual(expectedOf(said.a, 'a'));
        expect(shownOf(all, 'b')).toEqual(expectedOf(said.b, 'b'));
      }),
    );
  });

  it('gives the same whichever of two findings was there first', () => {
    fc.assert(
      fc.property(readings, ({ ofA, ofB }) => {
        for (const one of [...ofA, ...ofB, theDecision])
          for (const other of [...ofA, theDecision]) expect(merge(one, other)).toEqual(merge(other, one));
      }),
    );
  });

  it('gives the same whichever of three that follow each other are joined first', () => {
    fc.assert(
      fc.property(answersOf('a'), fc.nat({ max: 12 }), fc.nat({ max: 12 }), (said, one, other) => {
        const [first, second] = [Math.min(one, other), Math.max(one, other)];
        const [a, b, c] = [said.slice(0, first), said.slice(first, second), said.slice(second)].map((part) =>
          part.reduce(merge, blank),
        );
        if (!a || !b || !c) throw new Error('three parts');
        expect(merge(merge(a, b), c)).toEqual(merge(a, merge(b, c)));
      }),
    );
  });

  it('changes nothing when the same is read again, and says so by giving what was known', () => {
    fc.assert(
      fc.property(readings, ({ said, ofA, ofB }) => {
        const all = [theDecision, ...said.a, ...said.b].reduce(merge, blank);
        expect([theDecision, ...said.a, ...ofA, ...said.b, ...ofB].reduce(merge, all)).toBe(all);
      }),
    );
  });

  it('takes a settled pair back when its system says that it does not comply any more, until it does again', () => {
    const said = [
      answer('a', { outcome: 'applied', acknowledgedAt: 10, offset: 1 }),
      answer('a', { outcome: 'parked', acknowledgedAt: 20, offset: 2 }),
      answer('a', { outcome: 'no_effect', acknowledgedAt: 30, offset: 3 }),
      answer('a', { outcome: 'applied', acknowledgedAt: 40, offset: 4 }),
    ];
    const shown = said.map(
      (_, last) => shownOf(said.slice(0, last + 1).reduce(merge, theDecision), 'a').acknowledgedAt,
    );
    expect(shown).toEqual([10, 20, 30, 30]);
  });

  it('knows the order of answers that the broker took in together', () => {
    const parked = answer('a', { outcome: 'parked', acknowledgedAt: 10, offset: 1 });
    const applied = answer('a', { outcome: 'applied', acknowledgedAt: 10, offset: 2 });
    const again = answer('a', { outcome: 'conflict', acknowledgedAt: 10, offset: 3 });
    expect([parked, applied].reduce(merge, theDecision).systems.a?.outcome).toBe('applied');
    expect([parked, applied, again].reduce(merge, theDecision).systems.a?.outcome).toBe('conflict');
  });

  it('goes on from what the release before stored, which had no offsets', () => {
    const known = answer('a', { outcome: 'applied', acknowledgedAt: 10 });
    const first = answer('a', { outcome: 'applied', acknowledgedAt: 10, offset: 4 });
    const parked = answer('a', { outcome: 'parked', acknowledgedAt: 20, offset: 5 });
    expect(merge(known, first)).toBe(known);
    expect(merge(known, parked).systems.a).toEqual(parked.systems.a);
    expect(merge(answer('a', { outcome: 'parked', acknowledgedAt: 10 }), first).systems.a).toEqual({
      outcome: 'applied',
      acknowledgedAt: 10,
      offset: 4,
      unsettled: { acknowledgedAt: 10 },
    });
  });
});
