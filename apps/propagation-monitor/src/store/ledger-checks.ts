import { plainArray, type Transaction } from '@consent/postgres';
import { type Finding } from '../attest/compare.js';
import { type Slice, type Span } from '../attest/slices.js';
import { epochMs } from './propagation-row.js';

/** What is known so far. */
export interface LedgerChecks {
  /** Per partition, epoch milliseconds. */
  checkedUntil: ReadonlyMap<number, number>;
  /** Slices before that on which both did not agree, those first that were not looked at for longest. */
  gaps: readonly { start: number; partition: number }[];
}

/** @param mostGaps read at most so many */
export async function readChecks(tx: Transaction, mostGaps: number): Promise<LedgerChecks> {
  const checked = await tx.query<{ partition: number; checked_until: number }>(
    `SELECT partition, ${epochMs('checked_until')} FROM ledger_checked`,
  );
  const gaps = await tx.query<{ partition: number; slice_start: number }>(
    `SELECT partition, ${epochMs('slice_start')} FROM ledger_gap ORDER BY looked_at, slice_start, partition LIMIT $1`,
    [mostGaps],
  );
  return {
    checkedUntil: new Map(checked.rows.map((row) => [row.partition, row.checked_until])),
    gaps: gaps.rows.map(({ partition, slice_start: start }) => ({ start, partition })),
  };
}

/** What the topic has shown of some spans. */
export async function readShown(tx: Transaction, spans: readonly Span[]): Promise<Slice[]> {
  const { rows } = await tx.query<{ start: number; partition: number; decisions: number; idSum: number }>(
    `SELECT (extract(epoch FROM slice_start) * 1000)::float8 AS start, partition, decisions::float8, id_sum::float8 AS "idSum"
       FROM unnest($1::float8[], $2::float8[]) AS span (since, until)
       JOIN shown_slice AS shown ON shown.slice_start >= to_timestamp(since / 1000) AND shown.slice_start < to_timestamp(until / 1000)`,
    [plainArray(spans.map(({ since }) => since)), plainArray(spans.map(({ until }) => until))],
  );
  return rows;
}

const STORE_GAPS = `
INSERT INTO ledger_gap (slice_start, partition, missing, unrecorded, waiting, looked_at)
SELECT to_timestamp(start / 1000), partition, missing, unrecorded, waiting, clock_timestamp()
  FROM unnest($1::float8[], $2::smallint[], $3::bigint[], $4::bigint[], $5::bigint[])
    AS new (start, partition, missing, unrecorded, waiting)
ON CONFLICT (slice_start, partition) DO UPDATE
   SET missing = excluded.missing, unrecorded = excluded.unrecorded, waiting = excluded.waiting, looked_at = excluded.looked_at`;

const REMOVE_GAPS = `
DELETE FROM ledger_gap AS gap USING unnest($1::float8[], $2::smallint[]) AS agreed (start, partition)
 WHERE gap.slice_start = to_timestamp(agreed.start / 1000) AND gap.partition = agreed.partition`;

/** Counts that both agree on have done their service. */
const REMOVE_AGREED = `
DELETE FROM shown_slice AS shown USING ledger_checked AS checked
 WHERE checked.partition = shown.partition AND shown.slice_start < checked.checked_until
   AND NOT EXISTS (SELECT FROM ledger_gap AS gap
                    WHERE gap.slice_start = shown.slice_start AND gap.partition = shown.partition)`;

/** Stores what a comparison has found, of closed slices alone, and moves on behind them. */
export async function storeChecks(
  tx: Transaction,
  {
    gaps,
    agreed,
    closedUntil,
  }: { gaps: readonly Finding[]; agreed: readonly { start: number; partition: number }[]; closedUntil: number },
): Promise<void> {
  const places = (of: readonly { start: number; partition: number }[]): string[] => [
    plainArray(of.map(({ start }) => start)),
    plainArray(of.map(({ partition }) => partition)),
  ];
  if (gaps.length > 0)
    await tx.query(STORE_GAPS, [
      ...places(gaps),
      plainArray(gaps.map(({ missing }) => missing)),
      plainArray(gaps.map(({ unrecorded }) => unrecorded)),
      plainArray(gaps.map(({ waiting }) => waiting)),
    ]);
  if (agreed.length > 0) await tx.query(REMOVE_GAPS, places(agreed));
  await tx.query('UPDATE ledger_checked SET checked_until = greatest(checked_until, to_timestamp($1::float8 / 1000))', [
    closedUntil,
  ]);
  await tx.query(REMOVE_AGREED);
}

/** Sums over all gaps. */
export interface GapTotals {
  missing: number;
  unrecorded: number;
  waiting: number;
  /** Start of the oldest slice that lacks a decision on the topic. */
  oldestMissingAt: number | null;
}

export async function readGapTotals(tx: Transaction): Promise<GapTotals> {
  const { rows } = await tx.query<GapTotals>(
    `SELECT coalesce(sum(missing), 0)::float8 AS missing, coalesce(sum(unrecorded), 0)::float8 AS unrecorded,
            coalesce(sum(waiting), 0)::float8 AS waiting,
            (extract(epoch FROM min(slice_start) FILTER (WHERE missing > 0)) * 1000)::float8 AS "oldestMissingAt"
       FROM ledger_gap`,
  );
  return rows[0] ?? { missing: 0, unrecorded: 0, waiting: 0, oldestMissingAt: null };
}
