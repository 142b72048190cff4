import { describe, expect, it } from '@jest/globals';
import { type Outcome } from '@consent/events';
import { type Propagation } from './propagation.js';
import { transition } from './transition.js';

const decision = (outcome?: Outcome, acknowledgedAt = 150): Propagation => ({
  decisionId: 'd',
  subjectId: 's',
  version: 1,
  scopeId: 's',
  purposeId: 'p',
  seenAt: 100,
  facts: { status: 'withdrawn', direction: 'closing', lane: 'live', committedAt: 90, clockStart: 100 },
  systems: { a: outcome === undefined ? { applyBy: 900 } : { applyBy: 900, outcome, acknowledgedAt } },
});
const withoutDecision = (outcome: Outcome): Propagation => ({
  ...decision(),
  facts: null,
  systems: { a: { outcome, acknowledgedAt: 150 } },
});
const summary = (before: Propagation | null, after: Propagation): Record<string, number | string> => {
  const { opened, moved, closed, settled, takenBack } = transition(before, after);
  return {
    opened: opened.map(({ state }) => state).join(),
    moved: moved.map(({ state }) => state).join(),
    closed: closed.length,
    settled: settled.map(({ lagMs }) => lagMs).join(),
    ...(takenBack.length > 0 ? { takenBack: takenBack.map(({ outcome }) => outcome).join() } : {}),
  };
};

describe('transition', () => {
  it.each([
    [
      'a decision read alone opens its pairs',
      null,
      decision(),
      { opened: 'pending', moved: '', closed: 0, settled: '' },
    ],
    [
      'one read with its answer opens nothing',
      null,
      decision('applied'),
      { opened: '', moved: '', closed: 0, settled: '50' },
    ],
    ['an answer closes the pair', decision(), decision('applied'), { opened: '', moved: '', closed: 1, settled: '50' }],
    [
      'parking keeps the pair open',
      decision(),
      decision('parked'),
      { opened: '', moved: 'parked', closed: 0, settled: '' },
    ],
    [
      'a release closes it',
      decision('parked'),
      decision('superseded'),
      { opened: '', moved: '', closed: 1, settled: '50' },
    ],
    [
      'an unknown outcome is no compliance',
      decision(),
      decision('unknown'),
      { opened: '', moved: '', closed: 0, settled: '' },
    ],
    [
      'an answer alone says nothing yet',
      null,
      withoutDecision('applied'),
      { opened: '', moved: '', closed: 0, settled: '' },
    ],
    [
      'its decision makes it count',
      withoutDecision('applied'),
      decision('applied'),
      { opened: '', moved: '', closed: 0, settled: '50' },
    ],
    [
      'its decision opens what was parked',
      withoutDecision('parked'),
      decision('parked'),
      { opened: 'parked', moved: '', closed: 0, settled: '' },
    ],
    [
      'reading again counts nothing twice',
      decision('applied'),
      decision('applied'),
      { opened: '', moved: '', closed: 0, settled: '' },
    ],
    [
      'a system that does not comply any more opens the pair again, and takes back what was counted',
      decision('no_effect'),
      decision('parked', 400),
      { opened: 'parked', moved: '', closed: 0, settled: '', takenBack: 'no_effect' },
    ],
    [
      'complying again counts again, with the lag of its own time',
      decision('parked', 400),
      decision('superseded', 500),
      { opened: '', moved: '', closed: 1, settled: '400' },
    ],
    [
      'no longer and again, read at once, counts like one after the other',
      decision('applied'),
      decision('superseded', 500),
      { opened: '', moved: '', closed: 0, settled: '400', takenBack: 'applied' },
    ],
    [
      'brokers whose clocks differ give no negative lag',
      null,
      decision('applied', 40),
      { opened: '', moved: '', closed: 0, settled: '0' },
    ],
  ])('%s', (_, before, after, expected) => {
    expect(summary(before, after)).toEqual(expected);
  });

  it('leaves out the answer of a system that the decision does not concern', () => {
    const stranger = { ...decision('applied'), systems: { b: { outcome: 'applied' as const, acknowledgedAt: 150 } } };
    expect(summary(null, stranger)).toEqual({ opened: '', moved: '', closed: 0, settled: '' });
  });
});
