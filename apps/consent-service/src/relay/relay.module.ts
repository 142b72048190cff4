import {
  type DynamicModule,
  Inject,
  Injectable,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { topics } from '@consent/events';
import { createKafka, createProducer, SchemaRegistry } from '@consent/kafka';
import { Health, LOGGER, type Logger } from '@consent/service-host';
import pg from 'pg';
import { type CommitSignal } from '../commit-signal.js';
import { ledgerRowToDecision } from '../ledger/index.js';
import { type RelayConfig } from './config.js';
import { readOutbox } from './read-outbox.js';
import { Relay } from './relay.js';
import { RelayMetrics } from './relay-metrics.js';

export interface RelayModuleSettings {
  databaseUrl: string;
  brokers: string[];
  registryUrl: string;
  topicPrefix: string;
  config: RelayConfig;
  /** Fires when rows have been committed. */
  committed: CommitSignal;
}

const SETTINGS = Symbol('relay settings');

/** Builds the relay, starts it when the service is up, and stops it after the doors are closed. */
@Injectable()
class RelayLifecycle implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #relay: Relay;
  readonly #forMetrics: pg.Pool;

  constructor(
    @Inject(SETTINGS) settings: RelayModuleSettings,
    @Inject(LOGGER) logger: Logger,
    @Inject(Health) private readonly health: Health,
  ) {
    this.#forMetrics = new pg.Pool({
      connectionString: settings.databaseUrl,
      application_name: 'consent-relay-metrics',
      max: 1,
    });
    // A dropped idle connection is replaced by the pool.
    this.#forMetrics.on('error', () => undefined);
    const kafka = createKafka({ brokers: settings.brokers, clientId: 'consent-relay', logger });
    this.#relay = new Relay({
      databaseUrl: settings.databaseUrl,
      topics: topics(settings.topicPrefix),
      registry: new SchemaRegistry({ url: settings.registryUrl }),
      producer: createProducer(kafka, {
        retries: 3,
        onRebuild: (reason) => logger.warn({ error: String(reason) }, 'The relay’s producer was replaced'),
      }),
      toDecision: ledgerRowToDecision,
      config: settings.config,
      metrics: (leads) => new RelayMetrics({ readOutbox: () => readOutbox(this.#forMetrics), leads }),
      logger,
    });
    settings.committed.listen(() => this.#relay.wake());
  }

  async onApplicationBootstrap(): Promise<void> {
    // A relay that fails takes no readiness away: decisions are recorded all the same, and wait in the outbox.
    this.health.register('relay', 'ready', () => {
      const { state, lastError } = this.#relay;
      return { ok: true, detail: lastError ? `${state}; last failure: ${lastError.message}` : state };
    });
    await this.#relay.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#relay.stop();
    await this.#forMetrics.end();
  }
}

/** Publishes the outbox of the service's database to Kafka. */
@Module({})
export class RelayModule {
  static forRoot(settings: RelayModuleSettings): DynamicModule {
    return {
      module: RelayModule,
      providers: [{ provide: SETTINGS, useValue: settings }, RelayLifecycle],
    };
  }
}
