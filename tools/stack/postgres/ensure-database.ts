import pg from 'pg';
import { StackError } from '../stack-error.ts';

export interface RoleWish {
  role: string;
  password: string;
}

export interface DatabaseWish {
  name: string;
  /** Owns the schema; migrations run as this role. */
  owner: RoleWish;
  /** What the service uses; its rights are granted by the migrations. */
  app?: RoleWish;
}

/** @throws StackError when the server cannot be reached or refuses the administrator */
export async function asAdministrator<T>(adminUrl: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 10_000 });
  client.on('error', () => {});
  try {
    await client.connect();
  } catch (cause) {
    throw new StackError(`PostgreSQL at ${withoutPassword(adminUrl)} cannot be used: ${(cause as Error).message}`);
  }
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Roles and database exist with the given passwords, and nobody else may connect. Safe to repeat. */
export async function ensureDatabase(client: pg.Client, { name, owner, app }: DatabaseWish): Promise<void> {
  for (const wish of app ? [owner, app] : [owner]) await ensureRole(client, wish);
  const database = pg.escapeIdentifier(name);
  const ownerRole = pg.escapeIdentifier(owner.role);
  const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [name]);
  if (rowCount === 0) {
    // An administrator who is no superuser may give a database only to a role that he is a member of.
    await client.query(`GRANT ${ownerRole} TO CURRENT_USER`);
    await client.query(`CREATE DATABASE ${database} OWNER ${ownerRole}`);
  }
  await client.query(`REVOKE ALL ON DATABASE ${database} FROM PUBLIC`);
  if (app) await client.query(`GRANT CONNECT ON DATABASE ${database} TO ${pg.escapeIdentifier(app.role)}`);
}

async function ensureRole(client: pg.Client, { role, password }: RoleWish): Promise<void> {
  const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [role]);
  const verb = rowCount === 0 ? 'CREATE' : 'ALTER';
  await client.query(`${verb} ROLE ${pg.escapeIdentifier(role)} LOGIN PASSWORD ${pg.escapeLiteral(password)}`);
}

/** The address of a database on the administrator's server, for another role. */
export function databaseUrl(adminUrl: string, name: string, { role, password }: RoleWish): string {
  const url = new URL(adminUrl);
  url.username = encodeURIComponent(role);
  url.password = encodeURIComponent(password);
  url.pathname = `/${name}`;
  return url.href;
}

export function withoutPassword(url: string): string {
  const shown = new URL(url);
  if (shown.password) shown.password = '***';
  return shown.href;
}
