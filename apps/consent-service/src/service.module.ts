import { type DynamicModule, Module } from '@nestjs/common';
import { type CatalogueFile } from '@consent/consent-rules';
import { type Callers } from './callers/callers.js';
import { CommitSignal } from './commit-signal.js';
import { type ConsentConfig } from './config.js';
import { LedgerModule } from './ledger.module.js';
import { RelayModule } from './relay/relay.module.js';

/** The ledger with its doors, and the relay that publishes what they leave in the outbox. */
@Module({})
export class ServiceModule {
  static forRoot(config: ConsentConfig, catalogue: readonly CatalogueFile[], callers: Callers): DynamicModule {
    const committed = new CommitSignal();
    return {
      module: ServiceModule,
      imports: [
        LedgerModule.forRoot({ databaseUrl: config.DATABASE_URL, catalogue, callers, committed }),
        RelayModule.forRoot({
          databaseUrl: config.DATABASE_URL,
          brokers: config.KAFKA_BROKERS,
          registryUrl: config.SCHEMA_REGISTRY_URL,
          topicPrefix: config.KAFKA_TOPIC_PREFIX,
          config,
          committed,
        }),
      ],
    };
  }
}
