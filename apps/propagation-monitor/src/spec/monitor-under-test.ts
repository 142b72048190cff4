import { createDataSource, withTransaction } from '@consent/postgres';
import { createLogger } from '@consent/service-host';
import { required, type TestDatabase, testDatabase, type TestTopics, testTopics } from '@consent/testing';
import { metrics, trace } from '@opentelemetry/api';
import { type DataSource } from 'typeorm';
import { askLedger } from '../attest/ask-ledger.js';
import { type LedgerStatus } from '../attest/attestation.js';
import { Attestor } from '../attest/attestor.js';
import { config, type Config } from '../config.js';
import { Watcher } from '../consume/watcher.js';
import { type DecisionView, decisionView } from '../http/pair-view.js';
import { findDecision, findOpenPairs } from '../http/queries.js';
import { MonitorMetrics } from '../metrics.js';
import { migrations } from '../migrations.js';
import { type PipelineStatus, StatusService } from '../status/status.service.js';
import { type SystemStatus } from '../status/system-status.js';
import { speaker, type Speaker } from './wire.js';

/** Soon, so that tests need not wait. */
export const CLOSED_AFTER_MS = 1_000;

/** The monitor without its HTTP server, on a database and topics of its own. */
export interface MonitorUnderTest {
  db: TestDatabase;
  topics: TestTopics;
  speaker: Speaker;
  dataSource: DataSource;
  crashes: Error[];
  start(): Promise<void>;
  /** Finishes the chunk in hand. */
  stop(): Promise<void>;
  view(decisionId: string, now?: number): Promise<DecisionView | null>;
  state(decisionId: string, systemId: string, now?: number): Promise<string | undefined>;
  open(systemId: string): Promise<string[]>;
  /** The status at a moment, freshly read. */
  system(systemId: string, now?: number): Promise<SystemStatus>;
  relay(now?: number): Promise<PipelineStatus['relay']>;
  /** Ledger against topic; checked only where the configuration says where the ledger is. */
  ledger(now?: number): LedgerStatus;
  end(): Promise<void>;
}

/** @param given topics that others use, too; they are dropped with the monitor */
export async function monitorUnderTest(change: Partial<Config> = {}, given?: TestTopics): Promise<MonitorUnderTest> {
  const db = await testDatabase({ migrations });
  const topics = given ?? (await testTopics());
  const settings: Config = {
    ...config({
      DATABASE_URL: db.appUrl,
      KAFKA_BROKERS: required('KAFKA_BROKERS'),
      SCHEMA_REGISTRY_URL: required('SCHEMA_REGISTRY_URL'),
      KAFKA_TOPIC_PREFIX: topics.prefix,
      MONITOR_GATHER_MS: '50',
      MONITOR_HOLD_MS: '100',
    }),
    ...change,
  };
  const dataSource = createDataSource({ url: db.appUrl, applicationName: 'spec' });
  await dataSource.initialize();
  const voice = await speaker(topics);
  const crashes: Error[] = [];
  let watcher: Watcher | null = null;
  const newWatcher = (): Watcher =>
    new Watcher({
      config: settings,
      dataSource,
      logger: createLogger({ service: 'spec', build: 'spec', level: 'silent' }),
      metrics: new MonitorMetrics(metrics.getMeter('spec')),
      tracer: trace.getTracer('spec'),
      onCrash: (error) => crashes.push(error),
    });
  const logger = createLogger({ service: 'spec', build: 'spec', level: 'silent' });
  const { CONSENT_SERVICE_URL: url, CONSENT_TOKEN: token } = settings;
  const newAttestor = (): Attestor =>
    new Attestor({
      dataSource,
      logger,
      ask: url === undefined ? null : askLedger(url, token ?? ''),
      decisionEnds: () => watcher?.decisionEnds() ?? Promise.reject(new Error('The monitor is stopped')),
      everyMs: settings.MONITOR_ATTEST_SECONDS * 1_000,
      closedAfterMs: CLOSED_AFTER_MS,
    });
  let attestor = newAttestor();
  const inTransaction = <T>(work: Parameters<typeof withTransaction<T>>[1]): Promise<T> =>
    withTransaction(dataSource, work);
  const statusAt = (now: number): Promise<PipelineStatus> =>
    new StatusService(settings, dataSource, watcher ?? newWatcher(), attestor).at(now);
  const self: MonitorUnderTest = {
    db,
    topics,
    speaker: voice,
    dataSource,
    crashes,
    async start() {
      watcher = newWatcher();
      await watcher.start();
      attestor = newAttestor();
      attestor.start();
    },
    async stop() {
      await attestor.stop();
      await watcher?.stop();
      watcher = null;
    },
    async view(decisionId, now = Date.now()) {
      const found = await inTransaction((tx) => findDecision(tx, decisionId));
      return found && decisionView(found, now);
    },
    async state(decisionId, systemId, now) {
      return (await self.view(decisionId, now))?.systems.find((pair) => pair.systemId === systemId)?.state;
    },
    async open(systemId) {
      const found = await inTransaction((tx) =>
        findOpenPairs(tx, { systemId, state: null, after: null, limit: 1_000 }),
      );
      return found.map(({ decisionId }) => decisionId);
    },
    async relay(now = Date.now()) {
      return (await statusAt(now)).relay;
    },
    ledger: (now = Date.now()) => attestor.status(now),
    async system(systemId, now = Date.now()) {
      const status = await statusAt(now);
      const found = status.systems.find((system) => system.systemId === systemId);
      if (!found) throw new Error(`No status of ${systemId}`);
      return found;
    },
    async end() {
      await self.stop();
      await voice.close();
      await dataSource.destroy();
      await topics.drop();
      await db.drop();
    },
  };
  return self;
}
