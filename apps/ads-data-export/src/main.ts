import { consumeDecisions } from '@consent/decision-consumer';
import { orExit, readConfig, runService } from '@consent/service-host';
import { config } from './config.js';
import { AdsDataExportModule } from './ads-data-export.module.js';

const settings = orExit(() => readConfig(config));

await runService({
  name: 'ads-data-export',
  config: settings,
  module: AdsDataExportModule.with(settings),
  setup: consumeDecisions,
});
