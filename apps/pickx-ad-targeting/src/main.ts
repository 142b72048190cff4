import { consumeDecisions } from '@consent/decision-consumer';
import { orExit, readConfig, runService } from '@consent/service-host';
import { config } from './config.js';
import { PickxAdTargetingModule } from './pickx-ad-targeting.module.js';

const settings = orExit(() => readConfig(config));

await runService({
  name: 'pickx-ad-targeting',
  config: settings,
  module: PickxAdTargetingModule.with(settings),
  setup: consumeDecisions,
});
