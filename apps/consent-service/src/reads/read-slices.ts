import { withTransaction } from '@consent/postgres';
import { type DataSource } from 'typeorm';

/** Length of a slice; slices begin at multiples of it. */
export const SLICE_MS = 5_000;

/** What the ledger holds of one bucket and one slice of the time of commit. */
export interface LedgerSlice {
  /** ISO 8601. */
  start: string;
  bucket: number;
  decisions: number;
  /** Of these, in the outbox: not published yet, or not yet known to be. */
  waiting: number;
  /** Sum of the last 32 bits of the decision ids. */
  idSum: number;
}

export interface LedgerSlices {
  /** Database clock, before the ledger was read. */
  asOf: string;
  /** Nothing more will be committed at a moment before it: no transaction that writes is older. */
  settledUntil: string;
  sliceMs: number;
  slices: LedgerSlice[];
}

/** Transactions are seen from their first write to the moment in which others see what they wrote, however long a commit takes. */
const CLOCK = `
SELECT clock_timestamp() AS as_of,
       least(clock_timestamp(), (SELECT min(xact_start) FROM pg_stat_activity
                                  WHERE datname = current_database() AND backend_xid IS NOT NULL)) AS settled_until`;

/** An outbox that is often empty is believed to be: a plan that goes through all of it for each entry would run for minutes. */
export const PLAN_FOR_MANY = 'SET LOCAL enable_nestloop = off';

/** Ledger and outbox in one statement, and so in one snapshot: what does not wait has been confirmed by the broker. */
export const READ_SLICES = `
SELECT floor(extract(epoch FROM ledger.committed_at) * 1000 / ${SLICE_MS})::float8 * ${SLICE_MS} AS start,
       subject.partition AS bucket, count(*)::int AS decisions, count(waiting.position)::int AS waiting,
       sum(('x' || right(ledger.decision_id::text, 8))::bit(32)::bigint)::float8 AS "idSum"
  FROM ledger JOIN subject USING (subject_id)
  LEFT JOIN (SELECT DISTINCT position FROM outbox WHERE kind = 'decision') AS waiting ON waiting.position = ledger.position
 WHERE ledger.committed_at >= to_timestamp($1::float8 / 1000) AND ledger.committed_at < to_timestamp($2::float8 / 1000)
 GROUP BY 1, 2 ORDER BY 1, 2`;

/** Counts per slice and bucket of what was committed in a span, in epoch milliseconds. */
export async function readSlices(dataSource: DataSource, since: number, until: number): Promise<LedgerSlices> {
  const [clock, , { rows }] = await withTransaction(dataSource, (tx) =>
    Promise.all([
      tx.query<{ as_of: Date; settled_until: Date }>(CLOCK),
      tx.query(PLAN_FOR_MANY),
      tx.query<Omit<LedgerSlice, 'start'> & { start: number }>(READ_SLICES, [since, until]),
    ]),
  );
  return {
    asOf: (clock.rows[0]?.as_of ?? new Date(0)).toISOString(),
    settledUntil: (clock.rows[0]?.settled_until ?? new Date(0)).toISOString(),
    sliceMs: SLICE_MS,
    slices: rows.map(({ start, bucket, decisions, waiting, idSum }) => ({
      start: new Date(start).toISOString(),
      bucket,
      decisions,
      waiting,
      idSum,
    })),
  };
}
