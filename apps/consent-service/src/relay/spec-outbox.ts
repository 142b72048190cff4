import { randomUUID } from 'node:crypto';
import { partitionOf } from '@consent/kafka';
import { testDatabase } from '@consent/testing';
import pg from 'pg';
import { consentMigrations } from '../migrations.js';

export interface SpecRow {
  subjectId: string;
  version: number;
  lane?: 0 | 1;
  kind?: 'decision' | 'replay';
  traceparent?: string;
  headers?: Record<string, string>;
}

/** A consent database with rows as the write path leaves them, written by SQL so that specs choose the transactions. */
export async function specOutbox() {
  const database = await testDatabase({ migrations: [consentMigrations] });
  const pool = new pg.Pool({ connectionString: database.appUrl, max: 8 });
  pool.on('error', () => undefined);

  /** Ledger entries and their outbox rows, in the transaction that `client` is in. */
  async function insert(client: pg.ClientBase | pg.Pool, rows: readonly SpecRow[]): Promise<void> {
    await client.query(INSERT, [
      rows.map(({ subjectId }) => subjectId),
      rows.map(({ version }) => version),
      rows.map(({ lane = 0 }) => lane),
      rows.map(({ kind = 'decision' }) => kind),
      rows.map(({ traceparent = null }) => traceparent),
      rows.map(({ headers }) => (headers === undefined ? null : JSON.stringify(headers))),
      rows.map(({ subjectId }) => partitionOf(subjectId)),
    ]);
  }

  return {
    url: database.appUrl,
    pool,
    insert,
    async waiting(where = 'true'): Promise<number> {
      const { rows } = await pool.query<{ n: number }>(`SELECT count(*)::int AS n FROM outbox WHERE ${where}`);
      return rows[0]?.n ?? 0;
    },
    /** Ends the database session of whoever leads: how a leader dies, as the server sees it. */
    async killLeader(): Promise<number> {
      const { rows } = await pool.query<{ pid: number }>(
        `SELECT pid, pg_terminate_backend(pid) FROM pg_locks
          WHERE locktype = 'advisory' AND granted
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
      );
      return rows.length;
    },
    async drop(): Promise<void> {
      await pool.end();
      await database.drop();
    },
  };
}
export type SpecOutbox = Awaited<ReturnType<typeof specOutbox>>;

export const newSubject = (): string => randomUUID();

const INSERT = `
WITH given AS (
  SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::smallint[], $4::text[], $5::text[], $6::jsonb[], $7::smallint[])
           WITH ORDINALITY AS g (subject_id, version, lane, kind, traceparent, headers, partition, n)
), entries AS (
  INSERT INTO ledger (subject_id, version, decision_id, scope_level, scope_id, purpose_id, status, direction, allowed,
                      reason, effective, cause, channel, actor, caller, decided_at, received_at, catalogue_version,
                      systems, salt, row_hash)
  SELECT subject_id, version, gen_random_uuid(), 'person', subject_id, 'directory-contact-listing', 'withdrawn',
         'closing', false, 'withdrawn', true, 'person', 'spec', 'self', 'spec', now(), now(), 'spec',
         '[{"systemId": "directory-listing", "applyBy": 1790000000000}]', '\\x00112233445566778899aabbccddeeff',
         sha256(subject_id::text::bytea)
    FROM given ORDER BY n
  RETURNING position, subject_id, version
)
INSERT INTO outbox (lane, kind, position, subject_id, partition, traceparent, headers)
SELECT lane, kind, position, given.subject_id, partition, traceparent, headers
  FROM given JOIN entries USING (subject_id, version) ORDER BY n`;
