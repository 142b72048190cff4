import { describe, expect, it } from '@jest/globals';
import { compare, type Comparison, type Finding } from './compare.js';
import { SLICE_MS } from './slices.js';

const START = 1_000 * SLICE_MS;
const of = (decisions: number, idSum = decisions * 7) => ({ start: START, partition: 3, decisions, idSum });
const found = (ledger: { decisions: number; waiting?: number; idSum?: number } | null, shown: number, over = {}) =>
  compare({
    ledger: ledger ? [{ waiting: 0, ...of(ledger.decisions), ...ledger }] : [],
    shown: shown > 0 ? [of(shown)] : [],
    closedUntil: START + SLICE_MS,
    isJudged: () => true,
    ...over,
  } satisfies Comparison)[0];
const finding = (over: Partial<Finding>): Finding => ({
  ...{ start: START, partition: 3, missing: 0, unrecorded: 0, waiting: 0, closed: true },
  ...over,
});
const OPEN = { closedUntil: START + SLICE_MS - 1 };

describe('ledger against topic', () => {
  it('finds nothing where both hold the same', () => {
    expect(found({ decisions: 5 }, 5)).toBeUndefined();
  });

  it('finds what left the outbox and was never shown, also while the slice is open', () => {
    expect(found({ decisions: 5 }, 4)).toEqual(finding({ missing: 1 }));
    expect(found({ decisions: 5 }, 0, OPEN)).toEqual(finding({ missing: 5, closed: false }));
  });

  it('calls what is in the outbox waiting, shown already or not, and never missing', () => {
    for (const shown of [2, 3, 5]) expect(found({ decisions: 5, waiting: 3 }, shown)).toEqual(finding({ waiting: 3 }));
    expect(found({ decisions: 5, waiting: 3 }, 1)).toEqual(finding({ waiting: 3, missing: 1 }));
  });

  it('takes more on the topic for decisions committed since, until the slice is closed', () => {
    expect(found({ decisions: 5 }, 6, OPEN)).toBeUndefined();
    expect(found({ decisions: 5 }, 6)).toEqual(finding({ unrecorded: 1 }));
    expect(found(null, 2)).toEqual(finding({ unrecorded: 2 }));
  });

  it('is not deceived by equal counts of other decisions', () => {
    expect(found({ decisions: 5, idSum: 36 }, 5)).toEqual(finding({ missing: 1, unrecorded: 1 }));
  });

  it('leaves alone what has been settled before', () => {
    expect(found({ decisions: 5 }, 0, { isJudged: () => false })).toBeUndefined();
  });
});
