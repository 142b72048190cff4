import { createKafka, SchemaRegistry } from '@consent/kafka';
import { assertMigrated, createDataSource, type MigrationSet } from '@consent/postgres';
import { Health, LOGGER, type Logger, TELEMETRY, type Telemetry } from '@consent/service-host';
import {
  type BeforeApplicationShutdown,
  type DynamicModule,
  type INestApplication,
  Inject,
  Module,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { DataSource } from 'typeorm';
import { anySystem } from '../chunk/run-effects.js';
import { type DownstreamConfig } from '../config.js';
import { DecisionConsumer } from '../decision-consumer.js';
import { decisionConsumerMigrations } from '../migrations.js';
import { type Effect, type SystemHandler } from '../system-handler.js';
import { registerHealth } from './health.js';
import { OpsController } from './ops-controller.js';
import { OpsGuard } from './ops-guard.js';
import { DecisionConsumerStrategy } from './strategy.js';
import { OPS_TOKEN_HASH } from './tokens.js';

export interface DecisionConsumerOptions<E extends Effect> {
  handler: SystemHandler<E>;
  config: DownstreamConfig;
  /** The system's own, beside the guard's: the service refuses to start without them. */
  migrations: readonly MigrationSet[];
}

/** Consumes decisions for one system. Global; exports the `DataSource` and the `OpsGuard`. Use it with `consumeDecisions`. */
@Module({})
export class DecisionConsumerModule implements BeforeApplicationShutdown, OnApplicationShutdown {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(DecisionConsumer) private readonly consumer: DecisionConsumer,
  ) {}

  /** Needs `Health`, `LOGGER` and `TELEMETRY` of service-host. */
  static forRoot<E extends Effect>(options: DecisionConsumerOptions<E>): DynamicModule {
    const { handler, config, migrations } = options;
    return {
      module: DecisionConsumerModule,
      global: true,
      controllers: [OpsController],
      providers: [
        OpsGuard,
        { provide: OPS_TOKEN_HASH, useValue: config.OPS_TOKEN_SHA256 },
        { provide: DataSource, useFactory: () => openDatabase(handler.systemId, config, migrations) },
        {
          provide: DecisionConsumer,
          inject: [DataSource, LOGGER, TELEMETRY, Health],
          useFactory: (dataSource: DataSource, logger: Logger, telemetry: Telemetry, health: Health) => {
            const consumer = makeConsumer(options, dataSource, logger, telemetry);
            registerHealth(health, consumer, dataSource);
            return consumer;
          },
        },
        {
          provide: DecisionConsumerStrategy,
          inject: [DecisionConsumer],
          useFactory: (consumer: DecisionConsumer) => new DecisionConsumerStrategy(consumer),
        },
      ],
      exports: [DataSource, DecisionConsumer, DecisionConsumerStrategy, OpsGuard, OPS_TOKEN_HASH],
    };
  }

  /** Nothing is applied any more while requests in hand are finished. The strategy waits for the end, and for its failure. */
  beforeApplicationShutdown(): void {
    this.consumer.stop().catch(() => undefined);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.dataSource.destroy();
  }
}

/** `setup` of `runService`: connects the strategy, so that consuming starts once the service listens. */
export function consumeDecisions(app: INestApplication): void {
  app.connectMicroservice({ strategy: app.get(DecisionConsumerStrategy) });
}

async function openDatabase(
  systemId: string,
  config: DownstreamConfig,
  migrations: readonly MigrationSet[],
): Promise<DataSource> {
  const dataSource = createDataSource({ url: config.DATABASE_URL, applicationName: systemId });
  await dataSource.initialize();
  await assertMigrated(dataSource, [decisionConsumerMigrations, ...migrations]);
  return dataSource;
}

function makeConsumer<E extends Effect>(
  { handler, config }: DecisionConsumerOptions<E>,
  dataSource: DataSource,
  logger: Logger,
  { meter, tracer }: Telemetry,
): DecisionConsumer {
  return new DecisionConsumer({
    system: anySystem(handler),
    dataSource,
    kafka: createKafka({ brokers: config.KAFKA_BROKERS, clientId: handler.systemId, logger }),
    registry: new SchemaRegistry({ url: config.SCHEMA_REGISTRY_URL }),
    topicPrefix: config.KAFKA_TOPIC_PREFIX,
    build: config.SERVICE_BUILD,
    config,
    logger,
    meter,
    tracer,
    // Whoever runs the process starts it again; what was applied and not acknowledged is read again.
    onCrash: () => process.exit(1),
  });
}
