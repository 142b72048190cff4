import { type AddressInfo, createServer } from 'node:net';
import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { secretsIn } from '../secrets.ts';
import { type SpecInstance, specInstance } from '../spec-instance.ts';
import { takenFirst } from '../spec-taken-port.ts';
import { asAdministrator, databaseUrl, ensureDatabase } from './ensure-database.ts';
import { postgresData } from './init-postgres.ts';
import { type RunningPostgres, startPostgres } from './start-postgres.ts';

// A new cluster takes a second, and many seconds where the machine has other things to do.
jest.setTimeout(60_000);

describe('The local PostgreSQL', () => {
  let instance: SpecInstance;
  const start = (): Promise<RunningPostgres> =>
    startPostgres(instance, secretsIn(instance.dir), { preferred: undefined, note: () => {} });

  beforeEach(() => {
    instance = specInstance();
  });
  afterEach(() => instance.remove());

  it('starts over a half-finished first run, and keeps data, password and port over a restart', async () => {
    mkdirSync(postgresData(instance), { recursive: true });
    writeFileSync(path.join(postgresData(instance), 'PG_VERSION'), 'cut o');
    const first = await start();
    await asAdministrator(first.url, (client) => client.query('CREATE TABLE kept AS SELECT 42 AS answer'));
    await first.process.stop();

    const second = await start();
    expect(second.url).toBe(first.url);
    const { rows } = await asAdministrator(second.url, (client) => client.query('SELECT answer FROM kept'));
    expect(rows).toEqual([{ answer: 42 }]);
  });

  it('takes another port when one that was free is taken by a PostgreSQL which refuses its password', async () => {
    const refusal = 'SFATAL\0C28P01\0Mpassword authentication failed\0\0';
    const other = createServer((socket) => {
      socket
        .once('error', () => {})
        .once('data', () => socket.end(`E\0\0\0${String.fromCharCode(4 + refusal.length)}${refusal}`));
    });
    const notes: string[] = [];
    const { url } = await startPostgres(instance, secretsIn(instance.dir), {
      note: (text) => notes.push(text),
      choose: takenFirst(other),
    });
    const lost = (other.address() as AddressInfo).port;
    other.close();
    const { port } = new URL(url);
    expect(notes).toEqual([`Port ${lost} is busy: PostgreSQL uses ${port} (choose one with POSTGRES_PORT)`]);
    await asAdministrator(url, (client) => client.query('SELECT 1'));
  });

  it('starts again after its server was killed', async () => {
    const first = await start();
    process.kill(first.process.pid, 'SIGKILL');
    await first.process.ended;
    const second = await start();
    await asAdministrator(second.url, (client) => client.query('SELECT 1'));
  });

  it('asks for a password that only its owner can read', async () => {
    const { url } = await start();
    expect(statSync(path.join(instance.dir, 'secrets.json')).mode & 0o777).toBe(0o600);
    const wrong = new URL(url);
    wrong.password = 'guessed';
    await expect(asAdministrator(wrong.href, async () => {})).rejects.toThrow(
      /PostgreSQL at postgres:\/\/postgres:\*\*\*@.* cannot be used: password authentication failed/,
    );
  });

  it('says how to go on when the password is lost', async () => {
    await (await start()).process.stop();
    rmSync(path.join(instance.dir, 'secrets.json'));
    await expect(start()).rejects.toThrow(/password of .* is lost .*: start afresh with `npm run clean`/);
  });

  it('lets each role into its own database alone, also when that is prepared twice', async () => {
    const { url } = await start();
    const wish = (name: string) => ({
      name,
      owner: { role: `${name}_owner`, password: 'o' },
      app: { role: `${name}_app`, password: 'a' },
    });
    await asAdministrator(url, async (client) => {
      for (const name of ['one', 'two', 'one']) await ensureDatabase(client, wish(name));
    });
    const connect = async (database: string): Promise<string> => {
      const client = new pg.Client({ connectionString: databaseUrl(url, database, wish('one').app) });
      try {
        await client.connect();
        return 'connected';
      } catch (error) {
        return (error as Error).message;
      } finally {
        await client.end();
      }
    };
    expect(await connect('one')).toBe('connected');
    expect(await connect('two')).toBe('permission denied for database "two"');
  });
});
