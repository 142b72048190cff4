import { SYSTEMS } from '@consent/events';
import { type Transaction } from '@consent/postgres';
import { epochMs } from '../store/propagation-row.js';
import { readCountedUntil } from '../store/read-counted-until.js';
import { type OpenState } from '../gather/propagation.js';
import { addCounts } from './lag-buckets.js';

/** Pairs by the outcome that settled them. */
export interface SettledCounts {
  applied: number;
  no_effect: number;
  superseded: number;
}

export interface SystemFigures {
  /** Those taken back later among them. */
  settled: SettledCounts;
  takenBack: SettledCounts;
  open: Record<OpenState, number>;
  overdue: number;
  /** What the system says it has parked, unreadable records among it; 0 when it never told. */
  parkedRecords: number;
  /** Clock start of the oldest open pair. */
  oldestOpenAt: number | null;
  /** Pairs per lag bucket within the window, live lane. */
  lag: { closing: number[]; opening: number[] };
  /** Pairs settled within the rate's span, both lanes. */
  settledLately: number;
  lastAnswerAt: number | null;
  lastEffect: { effect: string; count: number; at: number } | null;
  heartbeat: { partitions: number; oldestAt: number | null; newestAt: number | null; lost: number };
}

export interface Figures {
  systems: Map<string, SystemFigures>;
  /** Newest heartbeat of each partition on the decisions topic. */
  relay: { partition: number; at: number }[];
  /** When the oldest heartbeat that is kept was appended. */
  firstHeartbeatAt: number | null;
  /** Live decisions accepted before it are in the figures; by the clock of the ledger's database. */
  countedUntil: number | null;
  readAt: number;
}

/** Span over which the applied rate is taken. */
export const RATE_SPAN_MS = 30_000;
/** An answer to a heartbeat may be this late before a later answer makes it lost. */
const LOST_AFTER_MS = 10_000;

/** One scan of a table that holds only what is open. */
const OPEN = `
SELECT system_id, state, count(*)::float8 AS pairs, (count(*) FILTER (WHERE apply_by < to_timestamp($1::float8 / 1000)))::float8 AS overdue,
       ${epochMs('min(clock_start)').replace(/ AS .*/, '')} AS oldest
  FROM open_pair GROUP BY system_id, state`;
const TOTALS = 'SELECT system_id, outcome, total::float8 AS total, taken_back::float8 AS taken_back FROM settled_total';
const SLICES = `
SELECT system_id, direction, lane, counts, ${epochMs('slice_start')} FROM lag_slice
 WHERE slice_start >= to_timestamp($1::float8 / 1000)`;
const HEARD = `
SELECT system_id, last_effect, last_effect_count::float8 AS count, heartbeats_lost::float8 AS lost,
       parked_records::float8 AS parked,
       ${epochMs('last_answer_at')}, ${epochMs('last_effect_at')}
  FROM system_heard`;
const BEATS = `
WITH newest AS (
  SELECT system_id, partition, max(source_offset) AS source_offset, max(appended_at) AS appended_at
    FROM heartbeat, unnest(answered) AS system_id WHERE appended_at IS NOT NULL GROUP BY 1, 2)
SELECT system_id, ${epochMs('appended_at')},
       (SELECT count(*) FROM heartbeat AS beat
         WHERE beat.partition = newest.partition AND beat.source_offset < newest.source_offset
           AND beat.seen_at < to_timestamp($1::float8 / 1000) AND beat.appended_at IS NOT NULL
           AND NOT newest.system_id = ANY (beat.answered))::float8 AS lost
  FROM newest`;
const RELAY = `
SELECT partition, ${epochMs('max(appended_at)').replace(/ AS .*/, '')} AS at, ${epochMs('min(appended_at)').replace(/ AS .*/, '')} AS first
  FROM heartbeat WHERE appended_at IS NOT NULL GROUP BY partition`;

/** Reads what the status is made of; a few milliseconds, and in proportion to what is open. */
export async function readStatus(
  tx: Transaction,
  { now, windowMs, decisionsTopic }: { now: number; windowMs: number; decisionsTopic: string },
): Promise<Figures> {
  // First: what is stored between this statement and the next is counted and not vouched for.
  const countedUntil = await readCountedUntil(tx, decisionsTopic);
  const systems = new Map<string, SystemFigures>(SYSTEMS.map((system) => [system, noFigures()]));
  const of = (system: string): SystemFigures => systems.get(system) ?? noFigures();

  const open = await tx.query<{ system_id: string; state: OpenState; pairs: number; overdue: number; oldest: number }>(
    OPEN,
    [now],
  );
  for (const { system_id, state, pairs, overdue, oldest } of open.rows) {
    const figures = of(system_id);
    figures.open[state] = pairs;
    figures.overdue += overdue;
    figures.oldestOpenAt = Math.min(figures.oldestOpenAt ?? oldest, oldest);
  }
  const totals = await tx.query<{
    system_id: string;
    outcome: keyof SettledCounts;
    total: number;
    taken_back: number;
  }>(TOTALS);
  for (const { system_id, outcome, total, taken_back } of totals.rows) {
    of(system_id).settled[outcome] = total;
    of(system_id).takenBack[outcome] = taken_back;
  }

  await readLag(tx, now, windowMs, of);

  const heard = await tx.query<HeardRow>(HEARD);
  for (const row of heard.rows) {
    const figures = of(row.system_id);
    figures.lastAnswerAt = row.last_answer_at;
    figures.heartbeat.lost += row.lost;
    figures.parkedRecords = row.parked ?? 0;
    if (row.last_effect !== null && row.count !== null && row.last_effect_at !== null)
      figures.lastEffect = { effect: row.last_effect, count: row.count, at: row.last_effect_at };
  }
  const beats = await tx.query<{ system_id: string; appended_at: number | null; lost: number }>(BEATS, [
    now - LOST_AFTER_MS,
  ]);
  for (const { system_id, appended_at: at, lost } of beats.rows) {
    const { heartbeat } = of(system_id);
    heartbeat.lost += lost;
    if (at === null) continue;
    heartbeat.partitions++;
    heartbeat.oldestAt = Math.min(heartbeat.oldestAt ?? at, at);
    heartbeat.newestAt = Math.max(heartbeat.newestAt ?? at, at);
  }
  const relay = await tx.query<{ partition: number; at: number; first: number }>(RELAY);
  const firstHeartbeatAt = relay.rows.length === 0 ? null : Math.min(...relay.rows.map(({ first }) => first));
  return { systems, relay: relay.rows, firstHeartbeatAt, countedUntil, readAt: now };
}

interface HeardRow {
  system_id: string;
  last_answer_at: number;
  last_effect: string | null;
  count: number | null;
  last_effect_at: number | null;
  lost: number;
  parked: number | null;
}

async function readLag(tx: Transaction, now: number, windowMs: number, of: (system: string) => SystemFigures) {
  const { rows } = await tx.query<{
    system_id: string;
    direction: 'opening' | 'closing';
    lane: string;
    counts: number[];
    slice_start: number;
  }>(SLICES, [now - Math.max(windowMs, RATE_SPAN_MS)]);
  for (const { system_id, direction, lane, counts, slice_start } of rows) {
    const figures = of(system_id);
    // Replays and catalogue changes wait their turn by design: they would hide how fast a person's choice is.
    if (lane === 'live' && slice_start >= now - windowMs) addCounts(figures.lag[direction], counts);
    if (slice_start >= now - RATE_SPAN_MS) figures.settledLately += counts.reduce((sum, n) => sum + n, 0);
  }
}

const noFigures = (): SystemFigures => ({
  settled: { applied: 0, no_effect: 0, superseded: 0 },
  takenBack: { applied: 0, no_effect: 0, superseded: 0 },
  open: { pending: 0, parked: 0, conflict: 0, rejected: 0 },
  overdue: 0,
  parkedRecords: 0,
  oldestOpenAt: null,
  lag: { closing: [], opening: [] },
  settledLately: 0,
  lastAnswerAt: null,
  lastEffect: null,
  heartbeat: { partitions: 0, oldestAt: null, newestAt: null, lost: 0 },
});
