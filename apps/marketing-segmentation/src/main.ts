import { consumeDecisions } from '@consent/decision-consumer';
import { orExit, readConfig, runService } from '@consent/service-host';
import { config } from './config.js';
import { MarketingSegmentationModule } from './marketing-segmentation.module.js';

const settings = orExit(() => readConfig(config));

await runService({
  name: 'marketing-segmentation',
  config: settings,
  module: MarketingSegmentationModule.with(settings),
  setup: consumeDecisions,
});
