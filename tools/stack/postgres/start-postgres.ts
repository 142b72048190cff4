import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { choosePort } from '../process/choose-port.ts';
import { initPostgres, postgresData, userOf } from './init-postgres.ts';
import { type Instance } from '../instance.ts';
import { postgresBinaries } from './postgres-binaries.ts';
import { identityOf } from '../process/process-identity.ts';
import { type Secrets } from '../secrets.ts';
import { StackError } from '../stack-error.ts';
import { supervise, type Supervised } from '../process/supervise.ts';
import { waitUntilReady } from '../process/wait-until.ts';

export interface RunningPostgres {
  /** Of the superuser, with its password. */
  url: string;
  process: Supervised;
}

/** Room for all services, their tests and a person with psql at once. */
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  // Socket paths are limited to 107 bytes, which a deep checkout exceeds.
  unix_socket_directories: '',
  max_connections: '300',
  shared_buffers: '256MB',
  max_wal_size: '2GB',
  jit: 'off',
  // A client that vanished must not hold the relay's lock for hours.
  tcp_keepalives_idle: '5',
  tcp_keepalives_interval: '2',
  tcp_keepalives_count: '3',
};

/** @param preferredPort taken when free; POSTGRES_PORT asks for one explicitly */
export async function startPostgres(
  instance: Instance,
  secrets: Secrets,
  { preferred, note }: { preferred?: number | undefined; note: (text: string) => void },
): Promise<RunningPostgres> {
  const binaries = await postgresBinaries();
  await initPostgres(instance, secrets, binaries);
  const data = postgresData(instance);
  removeStaleLock(data);
  const port = await choosePort(instance, { owner: 'PostgreSQL', variable: 'POSTGRES_PORT', preferred }, note);
  const options = Object.entries({ ...SETTINGS, port: String(port) }).flatMap(([key, value]) => [
    '-c',
    `${key}=${value}`,
  ]);
  const [command, ...args] = [...binaries.prefix, binaries.postgres, '-D', data, ...options];
  const server = await supervise(instance, {
    name: 'postgres',
    command: command as string,
    args,
    marker: data,
    cwd: '/',
    // Fast shutdown: ends sessions instead of waiting for them.
    stopSignal: 'SIGINT',
    ...userOf(binaries),
  });
  const url = `postgres://postgres:${encodeURIComponent(secrets.get('postgres'))}@127.0.0.1:${port}/postgres`;
  await waitUntilReady(server, () => answers(url));
  return { url, process: server };
}

/** A lock whose pid now belongs to somebody else would stop the start; our own server was stopped before. */
function removeStaleLock(data: string): void {
  const lock = path.join(data, 'postmaster.pid');
  if (!existsSync(lock)) return;
  const pid = Number(readFileSync(lock, 'utf8').split('\n')[0]);
  if (identityOf(pid)?.commandLine.includes(data))
    throw new StackError(`PostgreSQL (process ${pid}) still runs on ${data}: end it with \`kill -INT ${pid}\``);
  rmSync(lock);
}

/** Whether the server takes a query now. @throws StackError when it refuses the password */
export async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('SELECT 1');
    return true;
  } catch (error) {
    const code = (error as { code?: string }).code ?? '';
    if (code.startsWith('28'))
      throw new StackError(`PostgreSQL refuses the user or password: ${(error as Error).message}`);
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}
