import { readFileSync } from 'node:fs';
import path from 'node:path';
import { SYSTEMS, topics } from '@consent/events';
import { createKafka, type Kafka } from '@consent/kafka';
import { until } from '@consent/testing';
import { type Instance, instanceAt, instanceIn } from '@consent/tools/instance';
import { type Platform, startPlatform } from '@consent/tools/platform';
import pg from 'pg';
import { type EffectiveState, subjectOf } from './checker/evidence.js';
import { readEffectiveState, readLedger } from './checker/read-databases.js';
import { readTopic } from './checker/read-topic.js';
import { type HistoryFile, historyFile } from './history.js';
import { type Client, client } from './traffic.js';

/** A whole pipeline of real processes, a client that decides, and the file in which it writes what it saw. */
export interface World {
  platform: Platform;
  client: Client;
  history: HistoryFile;
  kafka: Kafka;
  /** Subjects, and keys of poison, that earlier runs have left on the same servers: this run is not judged by them. */
  earlier: ReadonlySet<string>;
  /** As the superuser, in the database of a service: for faults that only an administrator can cause. */
  asAdministrator<T>(service: string, work: (db: pg.Client) => Promise<T>): Promise<T>;
  /** Kills a process, and writes down whose answers may be lost with it. */
  kill(name: string): Promise<void>;
  /** Waits until the monitor sees nothing open. What it says is not believed: the checker looks for itself. */
  settled(timeoutMs?: number): Promise<void>;
  /** What a system does now for the subjects of this run. */
  statesOf(systemId: string): Promise<EffectiveState[]>;
  /** Writes down what every system does now. */
  observe(): Promise<void>;
  /** What a process has logged so far. */
  logOf(name: string): string;
  stop(): Promise<void>;
}

/** @param env more environment for each service */
export async function startWorld(env: Record<string, string> = {}): Promise<World> {
  const instance: Instance = process.env['CONSENT_INSTANCE']
    ? instanceIn(process.env['CONSENT_INSTANCE'])
    : instanceAt('e2e');
  const platform = await startPlatform(instance, { env: () => env });
  const history = historyFile(path.join(instance.dir, 'history.ndjson'));
  const kafka = createKafka({ brokers: platform.servers.brokers.split(','), clientId: 'propagation-e2e' });
  const world: World = {
    platform,
    earlier: await subjectsSoFar(platform, kafka),
    history,
    client: client({ consentUrl: () => platform.urlOf('consent-service'), token: platform.tokens.channel, history }),
    kafka,
    async asAdministrator(service, work) {
      const url = new URL(platform.servers.databaseUrl);
      url.pathname = new URL(platform.databaseUrlOf(service)).pathname;
      const db = new pg.Client({ connectionString: url.href });
      await db.connect();
      try {
        return await work(db);
      } finally {
        await db.end();
      }
    },
    async kill(name) {
      await platform.signal(name, 'SIGKILL');
      for (const systemId of SYSTEMS)
        if (name === systemId || name === 'postgres') history.write({ kind: 'killed', systemId });
    },
    async settled(timeoutMs = 60_000) {
      await until('every decision is acknowledged', () => nothingIsOpen(platform), { timeoutMs, everyMs: 250 });
    },
    statesOf: async (systemId) =>
      (await readEffectiveState(platform.databaseUrlOf(systemId))).filter(
        ({ triple }) => !world.earlier.has(subjectOf(triple)),
      ),
    async observe() {
      for (const systemId of SYSTEMS)
        for (const state of await world.statesOf(systemId)) history.write({ kind: 'observed', systemId, ...state });
    },
    logOf: (name) => readFileSync(path.join(instance.logs, `${name}.log`), 'utf8'),
    stop: () => platform.stop(),
  };
  return world;
}

async function subjectsSoFar(platform: Platform, kafka: Kafka): Promise<Set<string>> {
  const ledger = await readLedger(platform.databaseUrlOf('consent-service'));
  const records = await readTopic(kafka, topics().decisions);
  return new Set([...ledger.map(({ subjectId }) => subjectId), ...records.map(({ key }) => key?.toString() ?? '')]);
}

interface SystemRow {
  systemId: string;
  pending: number;
  overdue: number;
  parkedPairs: number;
}

/** The outbox is empty, the monitor has read what there is, and no system owes an answer. */
async function nothingIsOpen(platform: Platform): Promise<boolean> {
  const db = new pg.Client({ connectionString: platform.databaseUrlOf('consent-service') });
  await db.connect();
  try {
    const { rows } = await db.query("SELECT 1 FROM outbox WHERE kind <> 'heartbeat' LIMIT 1");
    if (rows.length > 0) return false;
    const newest = await db.query<{ decision_id: string }>(
      'SELECT decision_id FROM ledger ORDER BY position DESC LIMIT 1',
    );
    const last = newest.rows[0]?.decision_id;
    const seen = await fetch(`${platform.urlOf('propagation-monitor')}/v1/decisions/${last}`);
    if (last !== undefined && !seen.ok) return false;
  } finally {
    await db.end();
  }
  const answer = await fetch(`${platform.urlOf('propagation-monitor')}/v1/systems`);
  const systems = (await answer.json()) as SystemRow[];
  return systems.length === SYSTEMS.length && systems.every((s) => s.pending + s.overdue + s.parkedPairs === 0);
}
