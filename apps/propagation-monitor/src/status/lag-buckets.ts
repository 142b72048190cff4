/** Each bucket reaches 10 % further than the one before: a percentile is known to within 5 %. */
const GROWTH = 1.1;
const LOG_GROWTH = Math.log(GROWTH);

/** The last bucket begins at about 25 days and takes all that is longer. */
export const LAG_BUCKETS = 226;

/** Bucket 0 holds lags up to 1 ms; bucket b those from GROWTH^(b−1) to GROWTH^b. */
export const bucketOf = (lagMs: number): number =>
  lagMs <= 1 ? 0 : Math.min(LAG_BUCKETS - 1, Math.ceil(Math.log(lagMs) / LOG_GROWTH));

/** Middle of a bucket on the logarithmic scale, in milliseconds. */
const middleOf = (bucket: number): number => (bucket === 0 ? 1 : GROWTH ** (bucket - 0.5));

export interface Percentiles {
  /** Milliseconds; null when nothing was counted. */
  p50: number | null;
  p95: number | null;
  p99: number | null;
  count: number;
}

/** @param counts pairs per bucket */
export function percentiles(counts: readonly number[]): Percentiles {
  const count = counts.reduce((sum, n) => sum + n, 0);
  const at = (share: number): number | null => {
    const rank = Math.ceil(share * count);
    let passed = 0;
    const bucket = counts.findIndex((n) => (passed += n) >= rank);
    return count === 0 ? null : Math.round(middleOf(bucket) * 10) / 10;
  };
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), count };
}

export function addCounts(into: number[], counts: readonly number[]): void {
  for (let bucket = 0; bucket < LAG_BUCKETS; bucket++) into[bucket] = (into[bucket] ?? 0) + (counts[bucket] ?? 0);
}
