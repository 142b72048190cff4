import { rmSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { build } from '../cli/build.ts';
import { type Instance, instanceAt } from '../stack/instance.ts';
import { claimInstance } from '../stack/process/claim-instance.ts';
import { type Platform, startPlatform } from '../stack/platform.ts';
import { stopOnSignal } from './stop-on-signal.ts';

export const say = (text: string): void => void process.stdout.write(`${text}\n`);
export const rounded = (value: number, digits = 1): number => Number(value.toFixed(digits));
export const secondsSince = (started: number): number => rounded((performance.now() - started) / 1000);

/**
 * Runs a benchmark on everything built and started anew on empty data, and stops all of it, however it ends.
 * @param env what the services are configured with besides
 */
export async function onFreshPlatform(
  work: (platform: Platform, instance: Instance) => Promise<void>,
  env: Record<string, string> = {},
): Promise<void> {
  const instance = instanceAt('bench');
  const unlessStopped = stopOnSignal(instance);
  await unlessStopped(() => build());
  await unlessStopped(() => claimInstance(instance));
  for (const name of ['postgres', 'postgres.ready', 'kafka', 'logs'])
    rmSync(path.join(instance.dir, name), { recursive: true, force: true });
  const platform = await unlessStopped(() => startPlatform(instance, { env: () => ({ LOG_LEVEL: 'warn', ...env }) }));
  try {
    const load = loadavg().map((average) => rounded(average));
    const memory = rounded(totalmem() / 2 ** 30, 0);
    say(
      `${new Date().toISOString()}  ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${memory} GiB, Node ${process.version}; load averages ${load.join(', ')}`,
    );
    say(
      'One PostgreSQL with seven databases (fsync on), one broker, registry, seven services and the load on the same cores.',
    );
    await work(platform, instance);
  } finally {
    await unlessStopped(() => platform.stop());
  }
}

/** From now on PostgreSQL keeps when each row was committed; it is started anew for that. */
export async function keepCommitTimes(
  platform: Platform,
  alsoSet: (db: pg.Client) => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  await asAdministrator(platform, async (db) => {
    await db.query('ALTER SYSTEM SET track_commit_timestamp = on');
    await alsoSet(db);
  });
  await platform.signal('postgres', 'SIGINT');
  while (platform.running('postgres')) await pause(50);
  await platform.start('postgres');
}

export const asAdministrator = <T>(platform: Platform, work: (db: pg.Client) => Promise<T>): Promise<T> =>
  inDatabase(platform.servers.databaseUrl, work);

export async function inDatabase<T>(url: string, work: (db: pg.Client) => Promise<T>): Promise<T> {
  const db = new pg.Client({ connectionString: url });
  await db.connect();
  try {
    return await work(db);
  } finally {
    await db.end();
  }
}
