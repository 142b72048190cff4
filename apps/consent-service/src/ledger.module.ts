import {
  type DynamicModule,
  Inject,
  Injectable,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { type CatalogueFile } from '@consent/consent-rules';
import { assertMigrated, createDataSource, readerOn } from '@consent/postgres';
import { Health, LOGGER, type Logger } from '@consent/service-host';
import { type DataSource } from 'typeorm';
import { CallerGuard } from './callers/caller-guard.js';
import { Callers } from './callers/callers.js';
import { CatalogueInForce } from './catalogue/catalogue-in-force.js';
import { CatalogueWorker } from './catalogue/catalogue-worker.js';
import { PastCatalogues } from './catalogue/past-catalogues.js';
import { RunningBuilds } from './catalogue/running-builds.js';
import { type SystemUrls } from './catalogue/system-urls.js';
import { CommitSignal } from './commit-signal.js';
import { BatchTurns } from './http/batch-turns.js';
import { BulkTurns } from './http/bulk-turns.js';
import { BundlesController } from './http/bundles.controller.js';
import { CatalogueChangesController } from './http/catalogue-changes.controller.js';
import { CatalogueController } from './http/catalogue.controller.js';
import { ConfirmationsController } from './http/confirmations.controller.js';
import { DecisionsController } from './http/decisions.controller.js';
import { FactsController } from './http/facts.controller.js';
import { LedgerController } from './http/ledger.controller.js';
import { ObjectionsController } from './http/objections.controller.js';
import { OpenApiController } from './http/openapi.controller.js';
import { Recording } from './http/recording.js';
import { ReplaysController } from './http/replays.controller.js';
import { ScopesController } from './http/scopes.controller.js';
import { SubjectsController } from './http/subjects.controller.js';
import { WhyController } from './http/why.controller.js';
import { WriteOnce } from './http/write-once.js';
import { consentMigrations } from './migrations.js';
import { isBulkFull, WAITING_BEFORE_FACTS } from './relay/bulk-lane.js';
import { LOOKUPS_AT_ONCE, SubjectReads } from './reads/subject-reads.js';
import { ReplayWorker } from './replays/replay-worker.js';
import { CATALOGUE, DATA_SOURCE, LOOKUPS } from './tokens.js';

export interface LedgerSettings {
  databaseUrl: string;
  /** Reads what comes into force where no version is yet; called once, so that nobody keeps the texts. */
  catalogue: () => readonly CatalogueFile[];
  callers: Callers;
  systemUrls: SystemUrls;
  /** Fires after each commit that left something for the relay. */
  committed: CommitSignal;
  poolSize?: number;
}

const POOL = 8;

/** Opens the database before anything uses it and closes it after everything has ended. */
@Injectable()
class Lifecycle implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    @Inject(DATA_SOURCE) private readonly dataSource: DataSource,
    @Inject(LOOKUPS) private readonly lookups: DataSource,
    @Inject(ReplayWorker) private readonly worker: ReplayWorker,
    @Inject(CatalogueWorker) private readonly catalogueWorker: CatalogueWorker,
    @Inject(CATALOGUE) private readonly catalogue: CatalogueInForce,
    @Inject(Health) private readonly health: Health,
  ) {}

  onApplicationBootstrap(): void {
    this.health.register('ledger', 'ready', async () => {
      await this.dataSource.query('SELECT 1');
      return { ok: true, detail: 'the database answers' };
    });
    this.health.register('catalogue', 'ready', async () => {
      const inForce = await this.catalogue.refresh();
      return { ok: true, detail: `catalogue ${inForce} is in force and loaded` };
    });
    this.worker.start();
    this.catalogueWorker.wake();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.worker.stop();
    await this.catalogueWorker.stop();
    await this.lookups.destroy();
    await this.dataSource.destroy();
  }
}

/** The ledger and its doors; publishes nothing itself. */
@Module({})
export class LedgerModule {
  static forRoot(settings: LedgerSettings): DynamicModule {
    return {
      module: LedgerModule,
      controllers: [
        DecisionsController,
        ConfirmationsController,
        BundlesController,
        FactsController,
        ScopesController,
        SubjectsController,
        WhyController,
        LedgerController,
        CatalogueController,
        CatalogueChangesController,
        ReplaysController,
        ObjectionsController,
        OpenApiController,
      ],
      providers: [
        { provide: DATA_SOURCE, useFactory: () => openDatabase(settings) },
        {
          provide: LOOKUPS,
          // Only where the database is known to be migrated; and after the catalogue, while the reading of which no answer of
          // the database is heard: on a busy machine that is longer than a connection is waited for.
          inject: [DATA_SOURCE, CATALOGUE],
          useFactory: () =>
            createDataSource({
              url: settings.databaseUrl,
              applicationName: 'consent-lookups',
              poolSize: LOOKUPS_AT_ONCE,
              lookups: true,
            }).initialize(),
        },
        {
          provide: CATALOGUE,
          inject: [DATA_SOURCE, LOGGER],
          useFactory: (dataSource: DataSource, logger: Logger) =>
            CatalogueInForce.open(readerOn(dataSource), settings.catalogue(), logger),
        },
        {
          provide: CatalogueWorker,
          inject: [DATA_SOURCE, CATALOGUE, LOGGER],
          useFactory: (dataSource: DataSource, catalogue: CatalogueInForce, logger: Logger) =>
            new CatalogueWorker(dataSource, catalogue, logger, () => settings.committed.fire()),
        },
        { provide: Callers, useValue: settings.callers },
        { provide: RunningBuilds, useValue: new RunningBuilds(settings.systemUrls) },
        { provide: CommitSignal, useValue: settings.committed },
        {
          provide: ReplayWorker,
          inject: [DATA_SOURCE, LOGGER],
          useFactory: (dataSource: DataSource, logger: Logger) =>
            new ReplayWorker(dataSource, logger, () => settings.committed.fire()),
        },
        { provide: APP_GUARD, useClass: CallerGuard },
        PastCatalogues,
        BatchTurns,
        {
          provide: BulkTurns,
          inject: [DATA_SOURCE],
          useFactory: (dataSource: DataSource) =>
            new BulkTurns(() => isBulkFull(readerOn(dataSource), WAITING_BEFORE_FACTS)),
        },
        Recording,
        SubjectReads,
        WriteOnce,
        Lifecycle,
      ],
      exports: [CATALOGUE],
    };
  }
}

/** @throws Error that says to run the migrate job, when the schema is not this build's */
async function openDatabase({ databaseUrl, poolSize = POOL }: LedgerSettings): Promise<DataSource> {
  const dataSource = createDataSource({ url: databaseUrl, applicationName: 'consent-service', poolSize });
  await dataSource.initialize();
  try {
    await assertMigrated(dataSource, [consentMigrations]);
  } catch (error) {
    await dataSource.destroy();
    throw error;
  }
  return dataSource;
}
