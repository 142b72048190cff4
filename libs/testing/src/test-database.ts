import { randomBytes } from 'node:crypto';
import { migrate, type MigrationSet } from '@consent/postgres';
import pg from 'pg';
import { required } from './required.js';

export interface TestDatabase {
  name: string;
  /** The owner: may change the schema. */
  ownerUrl: string;
  /** The role that the service uses, with the grants of the migrations. */
  appUrl: string;
  /** Ends all sessions and removes database and roles. */
  drop(): Promise<void>;
}

/** A database of its own on the server of TEST_DATABASE_URL, with the given migrations applied. */
export async function testDatabase({ migrations }: { migrations: MigrationSet[] }): Promise<TestDatabase> {
  const admin = required('TEST_DATABASE_URL');
  const name = `test_${randomBytes(6).toString('hex')}`;
  const owner = `${name}_owner`;
  const app = `${name}_app`;
  const password = randomBytes(12).toString('hex');
  await asAdmin(admin, async (client) => {
    await client.query(`CREATE ROLE ${owner} LOGIN PASSWORD '${password}'`);
    await client.query(`CREATE ROLE ${app} LOGIN PASSWORD '${password}'`);
    await client.query(`CREATE DATABASE ${name} OWNER ${owner}`);
  });
  const ownerUrl = urlFor(admin, owner, password, name);
  const drop = (): Promise<void> =>
    asAdmin(admin, async (client) => {
      await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      await client.query(`DROP ROLE IF EXISTS ${owner}`);
      await client.query(`DROP ROLE IF EXISTS ${app}`);
    });
  try {
    await migrate({ url: ownerUrl, appRole: app, migrations });
  } catch (error) {
    await drop();
    throw error;
  }
  return { name, ownerUrl, appUrl: urlFor(admin, app, password, name), drop };
}

async function asAdmin(url: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

function urlFor(admin: string, user: string, password: string, database: string): string {
  const url = new URL(admin);
  url.username = user;
  url.password = password;
  url.pathname = `/${database}`;
  return url.href;
}
