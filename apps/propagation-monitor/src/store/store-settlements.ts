import { plainArray, type Transaction } from '@consent/postgres';
import { type Settlement, type TakenBack } from '../gather/transition.js';
import { bucketOf, LAG_BUCKETS } from '../status/lag-buckets.js';

/** Span of a slice of lag, in milliseconds. */
export const SLICE_MS = 10_000;

const ADD_TOTALS = `
INSERT INTO settled_total AS known (system_id, outcome, total, taken_back)
SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[])
ON CONFLICT (system_id, outcome) DO UPDATE
   SET total = known.total + excluded.total, taken_back = known.taken_back + excluded.taken_back`;

const ADD_SLICES = `
INSERT INTO lag_slice AS known (slice_start, system_id, direction, lane, counts)
SELECT to_timestamp(slice_start / 1000), system_id, direction, lane, string_to_array(counts, '_')::integer[]
  FROM unnest($1::float8[], $2::text[], $3::text[], $4::text[], $5::text[])
    AS new (slice_start, system_id, direction, lane, counts)
ON CONFLICT (slice_start, system_id, direction, lane) DO UPDATE
   SET counts = (SELECT array_agg(a + b ORDER BY bucket)
                   FROM unnest(known.counts, excluded.counts) WITH ORDINALITY AS pair (a, b, bucket))`;

interface Total {
  systemId: string;
  outcome: string;
  total: number;
  takenBack: number;
}

interface Slice {
  start: number;
  systemId: string;
  direction: string;
  lane: string;
  counts: number[];
}

/** Adds pairs that became settled to the totals and to the lag of their ten seconds, and to the totals those taken back. */
export async function storeSettlements(
  tx: Transaction,
  settled: readonly Settlement[],
  takenBack: readonly TakenBack[],
): Promise<void> {
  await addTotals(tx, settled, takenBack);
  await addSlices(tx, settled);
}

async function addTotals(
  tx: Transaction,
  settled: readonly Settlement[],
  takenBack: readonly TakenBack[],
): Promise<void> {
  const totals = new Map<string, Total>();
  const totalOf = ({ systemId, outcome }: TakenBack): Total => {
    const key = `${systemId} ${outcome}`;
    const total = totals.get(key) ?? { systemId, outcome, total: 0, takenBack: 0 };
    totals.set(key, total);
    return total;
  };
  for (const one of settled) totalOf(one).total++;
  for (const one of takenBack) totalOf(one).takenBack++;
  if (totals.size === 0) return;
  // In key order, as below: two writers that meet wait for each other and never in a circle.
  const ordered = [...totals].sort(byKey).map(([, total]) => total);
  await tx.query(
    ADD_TOTALS,
    [
      plainArray(ordered.map(({ systemId }) => systemId)),
      plainArray(ordered.map(({ outcome }) => outcome)),
      plainArray(ordered.map(({ total }) => total)),
      plainArray(ordered.map((total) => total.takenBack)),
    ],
    'add-totals',
  );
}

async function addSlices(tx: Transaction, settled: readonly Settlement[]): Promise<void> {
  if (settled.length === 0) return;
  const slices = new Map<string, Slice>();
  for (const { systemId, direction, lane, acknowledgedAt, lagMs } of settled) {
    const start = Math.floor(acknowledgedAt / SLICE_MS) * SLICE_MS;
    const sliceKey = `${start} ${systemId} ${direction} ${lane}`;
    let slice = slices.get(sliceKey);
    if (!slice)
      slices.set(
        sliceKey,
        (slice = { start, systemId, direction, lane, counts: new Array<number>(LAG_BUCKETS).fill(0) }),
      );
    const bucket = bucketOf(lagMs);
    slice.counts[bucket] = (slice.counts[bucket] ?? 0) + 1;
  }
  const sorted = [...slices].sort(byKey).map(([, slice]) => slice);
  await tx.query(
    ADD_SLICES,
    [
      plainArray(sorted.map(({ start }) => start)),
      plainArray(sorted.map(({ systemId }) => systemId)),
      plainArray(sorted.map(({ direction }) => direction)),
      plainArray(sorted.map(({ lane }) => lane)),
      plainArray(sorted.map(({ counts }) => counts.join('_'))),
    ],
    'add-lag-slices',
  );
}

const byKey = ([a]: [string, unknown], [b]: [string, unknown]): number => (a < b ? -1 : 1);
