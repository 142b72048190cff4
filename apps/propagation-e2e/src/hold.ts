import { until } from '@consent/testing';
import pg from 'pg';

const KEY = 4_711;

/** A statement that stands still until it is let go: the moment in which a process can be killed. */
export interface Hold {
  /** Waits until a statement of the service stands still. */
  caught(): Promise<void>;
  /** Ends the session that stands still, so that nothing of it is committed, and lets everything else go on. */
  release(): Promise<void>;
}

/** Rows of one subject, for which the statement that writes or removes them waits. */
export interface Held {
  table: string;
  event: 'DELETE' | 'INSERT' | 'UPDATE';
  subjectId: string;
}

/**
 * Makes a statement wait once it has written or removed a row of the subject, by a trigger and an advisory lock, in the real database.
 * @param db a session of the database's administrator, which must stay open until `release`
 */
export async function hold(db: pg.Client, { table, event, subjectId }: Held): Promise<Hold> {
  await db.query('SELECT pg_advisory_lock($1)', [KEY]);
  await db.query(`CREATE FUNCTION wait_for_test() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_advisory_xact_lock_shared(${KEY}); RETURN NULL; END $$`);
  await db.query(
    `CREATE TRIGGER wait_for_test AFTER ${event} ON ${table} FOR EACH ROW
     WHEN (${event === 'INSERT' ? 'NEW' : 'OLD'}.subject_id = ${pg.escapeLiteral(subjectId)}) EXECUTE FUNCTION wait_for_test()`,
  );
  const waiting = `SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = ${KEY} AND NOT granted
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
  return {
    async caught() {
      await until(`a statement on ${table} stands still`, async () => (await db.query(waiting)).rows.length > 0);
    },
    async release() {
      // Only then can the trigger go: a session that stands still holds a lock on the table.
      await db.query(`SELECT pg_terminate_backend(pid) FROM (${waiting}) w`);
      await db.query(`DROP TRIGGER wait_for_test ON ${table}`);
      await db.query('DROP FUNCTION wait_for_test()');
      await db.query('SELECT pg_advisory_unlock($1)', [KEY]);
    },
  };
}
