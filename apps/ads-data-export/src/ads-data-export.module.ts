import { DecisionConsumerModule } from '@consent/decision-consumer';
import { type DynamicModule, Module } from '@nestjs/common';
import { type Config } from './config.js';
import { handler } from './handler.js';
import { migrations } from './migrations.js';
import { ReadApi } from './read-api.js';

@Module({ controllers: [ReadApi] })
export class AdsDataExportModule {
  static with(config: Config): DynamicModule {
    return {
      module: AdsDataExportModule,
      imports: [DecisionConsumerModule.forRoot({ handler: handler(config.STAND_IN_PURPOSES), config, migrations })],
    };
  }
}
