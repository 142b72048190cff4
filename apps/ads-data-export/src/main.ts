import { consumeDecisions } from '@consent/decision-consumer';
import { readConfig, runService } from '@consent/service-host';
import { config } from './config.js';
import { AdsDataExportModule } from './ads-data-export.module.js';

const settings = readConfig(config);

await runService({
  name: 'ads-data-export',
  config: settings,
  module: AdsDataExportModule.with(settings),
  setup: consumeDecisions,
});
