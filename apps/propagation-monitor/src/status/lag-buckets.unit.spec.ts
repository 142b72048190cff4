import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addCounts, bucketOf, LAG_BUCKETS, percentiles } from './lag-buckets.js';

const counted = (lags: readonly number[]): number[] => {
  const counts = new Array<number>(LAG_BUCKETS).fill(0);
  for (const lag of lags) counts[bucketOf(lag)] = (counts[bucketOf(lag)] ?? 0) + 1;
  return counts;
};

describe('lag buckets', () => {
  it('tell every percentile to within 5 % or a millisecond', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 2_000_000_000 }), { minLength: 1 }), (lags) => {
        const sorted = lags.toSorted((a, b) => a - b);
        const exact = sorted[Math.ceil(0.95 * lags.length) - 1] ?? NaN;
        const { p95, count } = percentiles(counted(lags));
        expect(count).toBe(lags.length);
        expect(Math.abs((p95 ?? NaN) - exact)).toBeLessThanOrEqual(Math.max(1, exact * 0.051));
      }),
    );
  });

  it('take any lag, also none and one beyond the last bucket', () => {
    expect(bucketOf(0)).toBe(0);
    expect(bucketOf(Number.MAX_SAFE_INTEGER)).toBe(LAG_BUCKETS - 1);
  });

  it('say nothing about nothing', () => {
    expect(percentiles(counted([]))).toEqual({ p50: null, p95: null, p99: null, count: 0 });
  });

  it('add up', () => {
    const sum: number[] = [];
    addCounts(sum, counted([10, 10]));
    addCounts(sum, counted([1_000]));
    expect(percentiles(sum).count).toBe(3);
  });
});
