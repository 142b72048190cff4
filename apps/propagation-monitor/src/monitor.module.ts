import { createDataSource, assertMigrated, withTransaction } from '@consent/postgres';
import { Health, type ServiceContext } from '@consent/service-host';
import {
  type DynamicModule,
  Inject,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { DataSource } from 'typeorm';
import { askLedger } from './attest/ask-ledger.js';
import { Attestor } from './attest/attestor.js';
import { type Config } from './config.js';
import { keepTidy } from './consume/keep-tidy.js';
import { OnlyReader } from './consume/only-reader.js';
import { Watcher } from './consume/watcher.js';
import { DecisionsController } from './http/decisions.controller.js';
import { SystemsController } from './http/systems.controller.js';
import { MonitorMetrics } from './metrics.js';
import { migrations } from './migrations.js';
import { SERVICE } from './names.js';
import { observeStatus } from './status/observe.js';
import { StatusService } from './status/status.service.js';

const POOL_SIZE = 4;
const HOUR_MS = 3_600_000;

const STOP_TIDYING = Symbol('stop tidying');

/**
 * Starts reading when the application is up and it is this replica's turn, and ends in the order: attesting, reading, turn,
 * tidying, database.
 */
@Module({ controllers: [DecisionsController, SystemsController] })
export class MonitorModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    @Inject(Watcher) private readonly watcher: Watcher,
    @Inject(OnlyReader) private readonly onlyReader: OnlyReader,
    @Inject(Attestor) private readonly attestor: Attestor,
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(STOP_TIDYING) private readonly stopTidying: () => Promise<void>,
    @Inject(Health) private readonly health: Health,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.health.register('database', 'ready', async () => {
      await withTransaction(this.dataSource, (tx) => tx.query('SELECT 1'));
      return { ok: true, detail: 'answers' };
    });
    this.health.register('topics', 'ready', () => {
      if (this.onlyReader.standsBy) return { ok: false, detail: 'another replica reads; this one stands by' };
      const partitions = this.watcher.assigned.length;
      return { ok: partitions > 0, detail: `${partitions} partitions are read` };
    });
    this.health.register('reading', 'live', () => this.watcher.stall.finding(Date.now()));
    await this.onlyReader.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.onlyReader.stop(async () => {
      await this.attestor.stop();
      await this.watcher.stop();
    });
    await this.stopTidying();
    await this.dataSource.destroy();
  }
}

/** @throws Error when the database cannot be reached, or lacks a migration */
export async function createMonitorModule(
  config: Config,
  { logger, telemetry }: ServiceContext,
): Promise<DynamicModule> {
  const dataSource = createDataSource({ url: config.DATABASE_URL, applicationName: SERVICE, poolSize: POOL_SIZE });
  await dataSource.initialize();
  await assertMigrated(dataSource, migrations);
  const onCrash = (error: Error): void => {
    logger.fatal({ err: error }, 'Reading has ended');
    process.exit(1);
  };
  const metrics = new MonitorMetrics(telemetry.meter);
  const watcher = new Watcher({ config, dataSource, logger, metrics, tracer: telemetry.tracer, onCrash });
  const attestor = new Attestor({
    dataSource,
    logger,
    ask: ledgerOf(config),
    decisionEnds: () => watcher.decisionEnds(),
    everyMs: config.MONITOR_ATTEST_SECONDS * 1_000,
  });
  const onlyReader = new OnlyReader({
    databaseUrl: config.DATABASE_URL,
    logger,
    onCrash,
    read: async () => {
      await watcher.start();
      attestor.start();
    },
  });
  const status = new StatusService(config, dataSource, watcher, attestor);
  observeStatus(telemetry.meter, () => status.at(Date.now()));
  return {
    module: MonitorModule,
    providers: [
      { provide: DataSource, useValue: dataSource },
      { provide: Watcher, useValue: watcher },
      { provide: OnlyReader, useValue: onlyReader },
      { provide: Attestor, useValue: attestor },
      { provide: StatusService, useValue: status },
      {
        provide: STOP_TIDYING,
        useFactory: () => keepTidy(dataSource, config.MONITOR_RETENTION_HOURS * HOUR_MS, logger),
      },
    ],
  };
}

const ledgerOf = ({ CONSENT_SERVICE_URL: url, CONSENT_TOKEN: token }: Config) =>
  url === undefined || token === undefined ? null : askLedger(url, token);
