import { describe, expect, it } from '@jest/globals';
import { missing } from './missing-decisions.ts';
import { type SystemStatus } from './systems-answer.ts';

const lag = { p50: 1, p95: 2, p99: 3 };
const status = (difference: Partial<SystemStatus> = {}): SystemStatus => ({
  systemId: 'directory-listing',
  ...{ applied: 8, pending: 0, overdue: 0, parked: 0, superseded: 2, conflicts: 0 },
  oldestUnacknowledgedAgeMs: null,
  lag: { closing: lag, opening: lag },
  lastEffect: null,
  word: 'in-step',
  ...difference,
});
const ten = new Map([['directory-listing', 10]]);

describe('missing', () => {
  it('is nothing when as many are applied or superseded as the ledger holds, and none is open', () => {
    expect(missing(ten, [status()])).toEqual([]);
  });

  it.each([
    ['a decision that nobody acknowledged', { applied: 7 }, ['directory-listing: 9 of 10 acknowledged']],
    ['a pending one', { applied: 7, pending: 1 }, ['directory-listing: 9 of 10 acknowledged; 1 pending']],
    ['a parked one', { applied: 7, parked: 1 }, ['directory-listing: 9 of 10 acknowledged; 1 parked']],
    ['a conflict', { conflicts: 1 }, ['directory-listing: 10 of 10 acknowledged; 1 conflicts']],
    [
      'a system that the monitor has not heard of since it started',
      { word: 'unknown' },
      ['directory-listing: the monitor cannot say how far it is now'],
    ],
    ['more than there are', { applied: 9 }, ['directory-listing: 11 of 10 acknowledged']],
  ])('names %s', (_, difference, lines) => {
    expect(missing(ten, [status(difference)])).toEqual(lines);
  });

  it('is not nothing when the monitor is silent, or never heard of a system, or the ledger is empty', () => {
    expect(missing(ten, undefined)).toEqual(['the monitor does not answer']);
    expect(missing(ten, [])).toEqual(['directory-listing: the monitor knows nothing of it, expected 10 decisions']);
    expect(missing(new Map(), [])).toEqual(['the ledger holds no decision that concerns a system']);
  });
});
