import { SYSTEMS } from '@consent/events';
import pg from 'pg';
import { type Platform } from '../stack/platform.ts';
import { type Choice } from './choices.ts';

export interface Percentiles {
  count: number;
  /** Decisions that not all systems they concern have applied. */
  missing: number;
  p50: number;
  p95: number;
  p99: number;
  max: number;
}

/**
 * Milliseconds from the commit of the ledger row to the commit in the last of the systems that the decision concerns, by
 * PostgreSQL's own commit times (track_commit_timestamp), of decisions committed since `since` and before `until` (epoch ms).
 */
export async function committedToApplied(
  platform: Platform,
  choices: readonly Choice[],
  since: number,
  until = Number.MAX_SAFE_INTEGER,
): Promise<Percentiles> {
  const concerned = new Map(choices.map(({ purposeId, systems }) => [purposeId, systems.length]));
  const all = await commitTimes(platform.databaseUrlOf('consent-service'), LEDGER, [since]);
  const recorded = [...all.values()].filter(({ purpose, at }) => concerned.has(purpose) && at < until);
  const last = new Map<string, { at: number; systems: number }>();
  for (const system of SYSTEMS)
    for (const [id, { at }] of await commitTimes(platform.databaseUrlOf(system), APPLIED, [since])) {
      const held = last.get(id) ?? { at: 0, systems: 0 };
      last.set(id, { at: Math.max(held.at, at), systems: held.systems + 1 });
    }
  const found = recorded.flatMap(({ id, at, purpose }) => {
    const applied = last.get(id);
    return applied && applied.systems === concerned.get(purpose) ? [applied.at - at] : [];
  });
  return { ...percentiles(found), missing: recorded.length - found.length };
}

const LEDGER = `SELECT decision_id AS id, purpose_id AS purpose, extract(epoch FROM pg_xact_commit_timestamp(xmin))::float8 * 1000 AS at
  FROM ledger WHERE committed_at >= to_timestamp($1::float8 / 1000)`;
const APPLIED = `SELECT decision_id AS id, purpose_id AS purpose, extract(epoch FROM pg_xact_commit_timestamp(xmin))::float8 * 1000 AS at
  FROM decision_state WHERE applied_at >= to_timestamp($1::float8 / 1000) AND purpose_id <> 'heartbeat'`;

/** When the last of the systems committed its newest decision, heartbeats left out; epoch ms. */
export async function lastApplied(platform: Platform): Promise<number> {
  const newest = await Promise.all(
    SYSTEMS.map(async (system) => [...(await commitTimes(platform.databaseUrlOf(system), NEWEST, [])).values()]),
  );
  return Math.max(...newest.flat().map(({ at }) => at));
}

const NEWEST = `SELECT 'newest' AS id, '' AS purpose, max(extract(epoch FROM pg_xact_commit_timestamp(xmin)))::float8 * 1000 AS at
  FROM decision_state WHERE purpose_id <> 'heartbeat'`;

interface Committed {
  id: string;
  purpose: string;
  at: number;
}

async function commitTimes(url: string, sql: string, values: unknown[]): Promise<Map<string, Committed>> {
  const db = new pg.Client({ connectionString: url });
  await db.connect();
  try {
    const { rows } = await db.query<Committed>(sql, values);
    return new Map(rows.map((row) => [row.id, row]));
  } finally {
    await db.end();
  }
}

function percentiles(values: number[]): Omit<Percentiles, 'missing'> {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (p: number): number =>
    Math.round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))] ?? NaN) * 10) / 10;
  return { count: sorted.length, p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}

/** How many decisions each system has applied, heartbeats left out. */
export async function appliedCounts(platform: Platform): Promise<Map<string, number>> {
  const counts = await Promise.all(
    SYSTEMS.map(async (system): Promise<[string, number]> => {
      const db = new pg.Client({ connectionString: platform.databaseUrlOf(system) });
      await db.connect();
      try {
        const { rows } = await db.query<{ n: string }>(
          "SELECT count(*) AS n FROM decision_state WHERE purpose_id <> 'heartbeat'",
        );
        return [system, Number(rows[0]?.n ?? 0)];
      } finally {
        await db.end();
      }
    }),
  );
  return new Map(counts);
}
