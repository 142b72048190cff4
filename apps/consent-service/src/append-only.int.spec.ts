import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testDatabase, type TestDatabase } from '@consent/testing';
import pg from 'pg';
import { consentMigrations } from './migrations.js';

describe('the ledger', () => {
  let database: TestDatabase;
  let app: pg.Client;

  beforeAll(async () => {
    database = await testDatabase({ migrations: [consentMigrations] });
    app = new pg.Client({ connectionString: database.appUrl });
    await app.connect();
    await app.query(`
      INSERT INTO ledger (subject_id, version, decision_id, scope_level, scope_id, purpose_id, status, direction, allowed,
        reason, effective, cause, channel, actor, caller, decided_at, received_at, catalogue_version, systems, salt, row_hash)
      SELECT s, 1, gen_random_uuid(), 'person', s, 'p', 'given', 'opening', true, 'given', true, 'person', 'web', 'self',
        'test', now(), now(), 'v', '[]', decode(repeat('00', 16), 'hex'), decode(repeat('00', 32), 'hex')
        FROM gen_random_uuid() AS s`);
  });

  afterAll(async () => {
    await app.end();
    await database.drop();
  });

  it.each([
    ['UPDATE', `UPDATE ledger SET allowed = false`],
    ['UPDATE of one column', `UPDATE ledger SET committed_at = now()`],
    ['DELETE', `DELETE FROM ledger`],
    ['TRUNCATE', `TRUNCATE ledger`],
    [
      'ON CONFLICT DO UPDATE',
      `INSERT INTO ledger OVERRIDING SYSTEM VALUE SELECT * FROM ledger ON CONFLICT (decision_id) DO UPDATE SET allowed = false`,
    ],
    ['SELECT FOR UPDATE', `SELECT FROM ledger FOR UPDATE`],
    ['MERGE', `MERGE INTO ledger USING ledger AS l ON ledger.position = l.position WHEN MATCHED THEN DELETE`],
    ['ALTER', `ALTER TABLE ledger ADD COLUMN x int`],
    ['DROP', `DROP TABLE ledger`],
    ['GRANT to itself', `GRANT UPDATE ON ledger TO CURRENT_USER`],
  ])('refuses %s by the role of the service', async (_, sql) => {
    const before = await app.query(`SELECT * FROM ledger`);
    await app.query(sql).then(
      () => undefined,
      (error: { code: string }) => expect(error.code).toBe('42501'),
    );
    expect((await app.query(`SELECT * FROM ledger`)).rows).toEqual(before.rows);
    expect((await app.query(`SELECT has_any_column_privilege('ledger', 'UPDATE') AS may`)).rows).toEqual([
      { may: false },
    ]);
  });

  it('takes each version of a subject once', async () => {
    await expect(
      app.query(`
        INSERT INTO ledger (subject_id, version, decision_id, scope_level, scope_id, purpose_id, status, direction, allowed,
          reason, effective, cause, channel, actor, caller, decided_at, received_at, catalogue_version, systems, salt, row_hash)
        SELECT subject_id, version, gen_random_uuid(), scope_level, scope_id, purpose_id, status, direction, allowed,
          reason, effective, cause, channel, actor, caller, decided_at, received_at, catalogue_version, systems, salt, row_hash
          FROM ledger`),
    ).rejects.toThrow('ledger_subject_id_version_key');
  });
});
