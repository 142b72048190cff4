import { type Reader } from '../ledger/read-positions.js';

/** What the ledger holds in one bucket: a bucket is a partition of the topics. */
export interface BucketDigest {
  bucket: number;
  subjects: number;
  /** Decisions recorded. Versions have no gaps, so this is the sum of the newest versions. */
  decisions: number;
  /** Newest position in the ledger; null in an empty bucket. */
  headPosition: number | null;
}

const READ = `
SELECT clock_timestamp() AS as_of, partition AS bucket, count(*)::int AS subjects, sum(version)::float8 AS decisions,
       max(head_position)::float8 AS "headPosition"
  FROM subject WHERE version > 0 GROUP BY partition ORDER BY partition`;

/** Counts and heads per bucket at one moment. */
export async function readDigest(reader: Reader): Promise<{ asOf: string; buckets: BucketDigest[] }> {
  const { rows } = await reader.query<BucketDigest & { as_of: Date }>(READ);
  const asOf = rows[0]?.as_of ?? new Date();
  return {
    asOf: asOf.toISOString(),
    buckets: rows.map(({ bucket, subjects, decisions, headPosition }) => ({
      bucket,
      subjects,
      decisions,
      headPosition,
    })),
  };
}
