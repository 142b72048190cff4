import { consumeDecisions } from '@consent/decision-consumer';
import { orExit, readConfig, runService } from '@consent/service-host';
import { config } from './config.js';
import { GroupSharingModule } from './group-sharing.module.js';

const settings = orExit(() => readConfig(config));

await runService({
  name: 'group-sharing',
  config: settings,
  module: GroupSharingModule.with(settings),
  setup: consumeDecisions,
});
