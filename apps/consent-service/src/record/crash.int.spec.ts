import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '@consent/testing';
import pg from 'pg';
import { aDecision, specApp, type SpecApp } from '../spec-app.js';

describe('a session that is cut off in the middle of a batch', () => {
  let app: SpecApp;
  let owner: pg.Client;
  beforeAll(async () => {
    app = await specApp();
    owner = new pg.Client({ connectionString: app.database.ownerUrl });
    await owner.connect();
  }, 30_000);
  afterAll(async () => {
    await owner.end();
    await app.close();
  });

  const counts = async () =>
    (
      await app.sql.query(
        `SELECT (SELECT count(*) FROM ledger) AS ledger, (SELECT count(*) FROM outbox) AS outbox,
                (SELECT sum(version) FROM subject) AS versions, (SELECT count(*) FROM current_state) AS states`,
      )
    ).rows[0] as Record<string, string>;

  it('leaves nothing of it: no entry, no version, no row for the relay; sent again it is recorded once', async () => {
    const known = aDecision();
    expect((await app.call('POST', '/v1/decisions', { body: known })).status).toBe(201);
    const before = await counts();

    // Holds the batch back after it has appended to ledger and outbox, where it stores the states.
    await owner.query('BEGIN');
    await owner.query('SELECT FROM current_state WHERE subject_id = $1 FOR UPDATE', [known.subjectId]);
    const key = randomUUID();
    const body = [{ ...known, status: 'withdrawn' }, ...Array.from({ length: 20 }, () => aDecision())];
    const cut = app.call('POST', '/v1/decisions/batch', { key, body });
    const waiting = await until('the batch waits at the states', async () => {
      const { rows } = await app.sql.query<{ pid: number }>(
        `SELECT pid FROM pg_stat_activity
          WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%INSERT INTO current_state%'`,
      );
      return rows[0];
    });
    await app.sql.query('SELECT pg_terminate_backend($1)', [waiting.pid]);
    expect(await cut).toMatchObject({ status: 503, body: { type: 'urn:consent:problem:ledger-unavailable' } });
    await owner.query('ROLLBACK');
    expect(await counts()).toEqual(before);

    const again = await app.call<{ status: number }[]>('POST', '/v1/decisions/batch', { key, body });
    expect(again.body.map(({ status }) => status)).toEqual(Array(21).fill(201));
    expect(Number((await counts())['ledger'])).toBe(Number(before['ledger']) + 21);
  }, 20_000);
});
