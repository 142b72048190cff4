import { DecisionConsumerModule } from '@consent/decision-consumer';
import { type DynamicModule, Module } from '@nestjs/common';
import { type Config } from './config.js';
import { FeedApi } from './feed-api.js';
import { handler } from './handler.js';
import { migrations } from './migrations.js';
import { ReadApi } from './read-api.js';
import { SUPPLIER_TOKENS } from './supplier-guard.js';

@Module({ controllers: [ReadApi, FeedApi] })
export class DirectoryListingModule {
  static with(config: Config): DynamicModule {
    return {
      module: DirectoryListingModule,
      providers: [{ provide: SUPPLIER_TOKENS, useValue: config.SUPPLIER_TOKENS_SHA256 }],
      imports: [DecisionConsumerModule.forRoot({ handler: handler(config.STAND_IN_PURPOSES), config, migrations })],
    };
  }
}
