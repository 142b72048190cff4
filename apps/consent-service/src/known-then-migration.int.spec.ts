import { randomUUID } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, jest } from '@jest/globals';
import { migrate } from '@consent/postgres';
import { testDatabase, type TestDatabase } from '@consent/testing';
import pg from 'pg';
import { consentMigrations } from './migrations.js';
import { specApp } from './spec-app.js';

jest.setTimeout(60_000);

/** A database as the release before what was known at each moment was kept. */
async function databaseBefore(): Promise<TestDatabase> {
  const dir = mkdtempSync(path.join(tmpdir(), 'migrations-'));
  try {
    const from = fileURLToPath(consentMigrations.dir);
    for (const name of readdirSync(from).filter((file) => file < '0009'))
      cpSync(path.join(from, name), path.join(dir, name));
    return await testDatabase({ migrations: [{ ...consentMigrations, dir }] });
  } finally {
    rmSync(dir, { recursive: true });
  }
}

it('a database from before knows of the past what can still be known, and says from when on', async () => {
  const database = await databaseBefore();
  const owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  const [subject, bare, named, minted] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
  const scope = (id: string) => JSON.stringify([{ level: 'contact_point', id, brand: null, kind: 'phone' }]);
  await owner.query(
    `INSERT INTO subject (subject_id, version, partition, facts_version, facts_at, brand, roles, minor, full_marketing_objection_at)
     VALUES ($1, 1, 0, 1, '2021-03-01Z', 'proximus', '{customer}', false, '2021-02-01Z'), ($2, 0, 0, 0, NULL, NULL, '{}', NULL, NULL)`,
    [subject, bare],
  );
  await owner.query(
    `INSERT INTO facts_version (subject_id, facts_version, recorded_at, caller, brand, roles, minor, scopes, first_version, last_version)
     VALUES ($1, 1, '2021-03-01Z', 'crm', 'proximus', '{customer}', false, $2, 1, 1)`,
    [subject, scope(named)],
  );
  await owner.query(
    `INSERT INTO scope (scope_id, subject_id, level, kind, claimed_at, valid_from)
     VALUES ($1, $2, 'contact_point', 'phone', '2021-01-15Z', NULL), ($3, $4, 'line', NULL, '2021-01-20Z', '2021-01-20Z')`,
    [named, subject, minted, bare],
  );
  await owner.query(
    `INSERT INTO ledger (subject_id, version, decision_id, scope_level, scope_id, purpose_id, status, direction, allowed,
       reason, effective, cause, channel, actor, caller, bundle_id, decided_at, received_at, committed_at, catalogue_version, systems, salt, row_hash)
     VALUES ($1, 1, $1, 'person', $1, 'customer-newsletter', 'objected', 'closing', false, 'objected', true, 'person', 'letter',
       'agent', 'desk', $1, '2021-02-01Z', '2021-02-03Z', '2021-02-03Z', 'v', '[]', decode(repeat('00', 16), 'hex'), decode(repeat('00', 32), 'hex'))`,
    [subject],
  );
  await migrate({ url: database.ownerUrl, appRole: `${database.name}_app`, migrations: [consentMigrations] });
  const { rows: versions } = await owner.query('SELECT scope_id, caller, channel, valid_from FROM scope_version');
  expect(versions).toEqual([
    { scope_id: minted, caller: 'migration', channel: 'decision', valid_from: new Date('2021-01-20Z') },
  ]);

  const app = await specApp(database);
  try {
    await owner.query(`UPDATE catalogue_version SET stored_at = '2021-01-01Z'`);
    const ask = async (at: string) => {
      const asked = `purpose=contact-by-phone&scope=${named}&at=${at}`;
      const { body } = await app.call('GET', `/v1/subjects/${subject}/why?${asked}`);
      return body;
    };
    expect((await ask('2021-03-02T00:00:00Z'))['reason']).toBe('full_marketing_objection');
    const { rows } = await app.sql.query(
      `SELECT known_since, objected_at, recorded_at, caller, channel, earlier_unknown FROM scope JOIN full_marketing_objection USING (subject_id)`,
    );
    expect(rows).toEqual([
      {
        known_since: new Date('2021-03-01Z'),
        objected_at: new Date('2021-02-01Z'),
        recorded_at: new Date('2021-02-03Z'),
        caller: 'desk',
        channel: 'letter',
        earlier_unknown: true,
      },
    ]);
    expect((await ask('2021-02-20T00:00:00Z'))['knownSince']).toBe('2021-03-01T00:00:00.000Z');
  } finally {
    await app.close();
    await owner.end();
    await database.drop();
  }
});
