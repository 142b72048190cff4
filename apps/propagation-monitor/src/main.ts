import { orExit, runService } from '@consent/service-host';
import { config } from './config.js';
import { problemOf } from './http/problems.js';
import { createMonitorModule } from './monitor.module.js';
import { SERVICE } from './names.js';

const settings = orExit(config);

await runService({
  name: SERVICE,
  config: settings,
  module: (context) => createMonitorModule(settings, context),
  problemOf,
});
