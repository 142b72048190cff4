import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { SYSTEMS } from '@consent/events';
import pg from 'pg';
import { type Instance } from '../stack/instance.ts';
import { type Platform } from '../stack/platform.ts';
import { asAdministrator } from '../stack/postgres/ensure-database.ts';
import { stopAll } from '../stack/process/stop-all.ts';
import { supervise, type Supervised } from '../stack/process/supervise.ts';
import { memory } from './usage.ts';

const PLAIN_CONSUMER = path.join(import.meta.dirname, 'plain-consumer.ts');

/** What a plain consumer had done when it was looked at. */
export interface PlainRate {
  system: string;
  /** Decisions saved a second, from its first to its last. */
  perSecond: number;
  /** MiB resident. */
  resident: number;
}

/**
 * Five processes that do what the five systems do as a tutorial would, reading the decisions topic from its beginning on
 * the same broker into the same PostgreSQL, each with a database of its own.
 * @returns what each did in `seconds` from its first decision on, or until the topic was read; ends them
 */
export async function plainWay(instance: Instance, platform: Platform, seconds: number): Promise<PlainRate[]> {
  const { brokers, databaseUrl } = platform.servers;
  const peers: { system: string; url: string; process: Supervised }[] = [];
  try {
    for (const system of SYSTEMS) {
      const url = await emptyDatabase(databaseUrl, `plain_${system.replaceAll('-', '_')}`);
      const name = `plain-${system}`;
      const args = [PLAIN_CONSUMER, brokers, url, name];
      peers.push({
        system,
        url,
        process: await supervise(instance, { name, command: process.execPath, args, marker: PLAIN_CONSUMER }),
      });
    }
    await pause(seconds * 1_000);
    return await Promise.all(
      peers.map(async ({ system, url, process: { pid } }) => ({
        system,
        perSecond: await savedPerSecond(url),
        resident: memory(pid).now,
      })),
    );
  } finally {
    await stopAll(peers.map(({ process: consumer }) => consumer));
  }
}

async function emptyDatabase(adminUrl: string, name: string): Promise<string> {
  await asAdministrator(adminUrl, async (client) => {
    await client.query(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)} WITH (FORCE)`);
    await client.query(`CREATE DATABASE ${pg.escapeIdentifier(name)}`);
  });
  return Object.assign(new URL(adminUrl), { pathname: `/${name}` }).href;
}

async function savedPerSecond(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ rate: number | null }>(
      `SELECT count(*) / extract(epoch FROM max("appliedAt") - min("appliedAt"))::float8 AS rate FROM plain_state`,
    );
    const rate = rows[0]?.rate;
    if (!rate) throw new Error(`Nothing was saved in ${new URL(url).pathname.slice(1)}`);
    return rate;
  } finally {
    await client.end();
  }
}
