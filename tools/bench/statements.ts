import pg from 'pg';
import { type Platform } from '../stack/platform.ts';

/** Takes effect when the server is started next. Costs a few per cent: figures of such a run are for finding out, not for showing. */
export async function recordStatements(db: pg.Client): Promise<void> {
  await db.query('CREATE EXTENSION IF NOT EXISTS pg_stat_statements');
  await db.query(`ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements'`);
}

export async function forgetStatements(platform: Platform): Promise<void> {
  await asked(platform, 'ALTER SYSTEM SET pg_stat_statements.track_planning = on');
  await asked(platform, 'SELECT pg_reload_conf(), pg_stat_statements_reset()');
}

const TOP = 40;

/** What PostgreSQL spent its time on: milliseconds in all, planning in brackets, calls, database, beginning of the statement. */
export async function slowestStatements(platform: Platform): Promise<string> {
  const rows = await asked<{ text: string }>(
    platform,
    `SELECT format('%s ms (%s) %s x %s %s', round(total_exec_time + total_plan_time), round(total_plan_time), calls, rpad(datname, 24),
                   left(regexp_replace(query, '[[:space:]]+', ' ', 'g'), 110)) AS text
       FROM pg_stat_statements JOIN pg_database ON pg_database.oid = dbid
      ORDER BY total_exec_time + total_plan_time DESC LIMIT ${TOP}`,
  );
  return rows.map(({ text }) => text).join('\n');
}

async function asked<R>(platform: Platform, sql: string): Promise<R[]> {
  const db = new pg.Client({ connectionString: platform.servers.databaseUrl });
  await db.connect();
  try {
    return (await db.query(sql)).rows as R[];
  } finally {
    await db.end();
  }
}
