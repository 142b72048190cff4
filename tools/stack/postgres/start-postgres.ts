import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { initPostgres, postgresData, userOf } from './init-postgres.ts';
import { type Instance } from '../instance.ts';
import { type PostgresBinaries, postgresBinaries } from './postgres-binaries.ts';
import { identityOf } from '../process/process-identity.ts';
import { type Secrets } from '../secrets.ts';
import { StackError } from '../stack-error.ts';
import { type PortChoice, startOnPorts } from '../process/start-on-ports.ts';
import { supervise, type Supervised } from '../process/supervise.ts';

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

/** PostgreSQL on the loopback interface alone; its data are made by the first start. */
export async function startPostgres(
  instance: Instance,
  secrets: Secrets,
  { preferred, ...choice }: PortChoice,
): Promise<RunningPostgres> {
  const binaries = await postgresBinaries();
  await initPostgres(instance, secrets, binaries);
  const data = postgresData(instance);
  const urlOn = (port: number): string =>
    `postgres://postgres:${encodeURIComponent(secrets.get('postgres'))}@127.0.0.1:${port}/postgres`;
  const { ports, process } = await startOnPorts(
    instance,
    {
      wishes: { port: { owner: 'PostgreSQL', variable: 'POSTGRES_PORT', preferred } },
      start({ port }) {
        removeStaleLock(data);
        return runPostgres(instance, binaries, port);
      },
      ready: async ({ port }) => saysReady(data) && answers(urlOn(port)),
    },
    choice,
  );
  return { url: urlOn(ports.port), process };
}

function runPostgres(instance: Instance, binaries: PostgresBinaries, port: number): Promise<Supervised> {
  const data = postgresData(instance);
  const options = Object.entries({ ...SETTINGS, port: String(port) }).flatMap(([key, value]) => [
    '-c',
    `${key}=${value}`,
  ]);
  const [command, ...args] = [...binaries.prefix, binaries.postgres, '-D', data, ...options];
  return supervise(instance, {
    name: 'postgres',
    command: command as string,
    args,
    marker: data,
    cwd: '/',
    // Fast shutdown: ends sessions instead of waiting for them.
    stopSignal: 'SIGINT',
    ...userOf(binaries),
  });
}

const lockOf = (data: string): string => path.join(data, 'postmaster.pid');

/** Whether the server of these data listens: it says so in its lock, while the port may be that of another one. */
function saysReady(data: string): boolean {
  try {
    return /^ready *$/m.test(readFileSync(lockOf(data), 'utf8'));
  } catch {
    return false;
  }
}

/** A lock whose pid now belongs to somebody else would stop the start; our own server was stopped before. */
function removeStaleLock(data: string): void {
  const lock = lockOf(data);
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
