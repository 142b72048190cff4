import { type DynamicModule, Module } from '@nestjs/common';
import { type Callers } from './callers/callers.js';
import { ClocksModule } from './clocks/clocks.module.js';
import { CommitSignal } from './commit-signal.js';
import { type ConsentConfig } from './config.js';
import { LedgerModule, type LedgerSettings } from './ledger.module.js';
import { RelayModule } from './relay/relay.module.js';

/** The ledger with its doors, the clocks, and the relay that publishes what both leave in the outbox. */
@Module({})
export class ServiceModule {
  static forRoot(config: ConsentConfig, catalogue: LedgerSettings['catalogue'], callers: Callers): DynamicModule {
    const committed = new CommitSignal();
    const ledger = LedgerModule.forRoot({
      databaseUrl: config.DATABASE_URL,
      catalogue,
      callers,
      systemUrls: config.SYSTEM_URLS,
      committed,
    });
    return {
      module: ServiceModule,
      imports: [
        ledger,
        ClocksModule.forRoot({ databaseUrl: config.DATABASE_URL, committed }, ledger),
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
