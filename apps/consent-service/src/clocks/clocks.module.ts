import {
  type DynamicModule,
  Inject,
  Injectable,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { createDataSource, readerOn } from '@consent/postgres';
import { Health, LOGGER, type Logger } from '@consent/service-host';
import { type DataSource } from 'typeorm';
import { type CatalogueInForce } from '../catalogue/catalogue-in-force.js';
import { type CommitSignal } from '../commit-signal.js';
import { CATALOGUE } from '../tokens.js';
import { ClockMetrics } from './clock-metrics.js';
import { readDue } from './read-due.js';
import { ClockScheduler } from './scheduler.js';

export interface ClocksModuleSettings {
  databaseUrl: string;
  committed: CommitSignal;
  /** Epoch ms; another one in tests. */
  clock?: () => number;
}

const SETTINGS = Symbol('clock settings');

/** Runs the scheduler on connections of its own: requests cannot keep it from working, nor it them. */
@Injectable()
class ClocksLifecycle implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #dataSource: DataSource;
  readonly #scheduler: ClockScheduler;

  constructor(
    @Inject(SETTINGS) { databaseUrl, committed, clock = Date.now }: ClocksModuleSettings,
    @Inject(CATALOGUE) catalogue: CatalogueInForce,
    @Inject(LOGGER) logger: Logger,
    @Inject(Health) private readonly health: Health,
  ) {
    this.#dataSource = createDataSource({ url: databaseUrl, applicationName: 'consent-clocks', poolSize: 2 });
    const metrics = new ClockMetrics({
      readDue: () => readDue(readerOn(this.#dataSource), clock()),
      setAside: () => this.#scheduler.setAside,
    });
    this.#scheduler = new ClockScheduler({
      dataSource: this.#dataSource,
      catalogue,
      clock,
      logger,
      afterCommit: () => committed.fire(),
      onDone: (done) => metrics.done(done),
    });
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.#dataSource.initialize();
    // Clocks that fail take no readiness away: decisions are recorded all the same.
    this.health.register('clocks', 'ready', () => {
      const { lastError, setAside } = this.#scheduler;
      return {
        ok: true,
        detail: lastError ? `failing: ${lastError.message}` : `running; ${setAside} subjects set aside`,
      };
    });
    this.#scheduler.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#scheduler.stop();
    await this.#dataSource.destroy();
  }
}

/** What falls due by itself: consents that lapse, contracts that end, proofs no longer needed. */
@Module({})
export class ClocksModule {
  /** @param ledger the module that has the catalogue in force */
  static forRoot(settings: ClocksModuleSettings, ledger: DynamicModule): DynamicModule {
    return {
      module: ClocksModule,
      imports: [ledger],
      providers: [{ provide: SETTINGS, useValue: settings }, ClocksLifecycle],
    };
  }
}
