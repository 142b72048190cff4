import { DecisionConsumerModule } from '@consent/decision-consumer';
import { type DynamicModule, Module } from '@nestjs/common';
import { type Config } from './config.js';
import { FeedApi } from './feed-api.js';
import { handler } from './handler.js';
import { migrations } from './migrations.js';
import { ReadApi } from './read-api.js';

@Module({ controllers: [ReadApi, FeedApi] })
export class DirectoryListingModule {
  static with(config: Config): DynamicModule {
    return {
      module: DirectoryListingModule,
      imports: [DecisionConsumerModule.forRoot({ handler: handler(config.STAND_IN_PURPOSES), config, migrations })],
    };
  }
}
