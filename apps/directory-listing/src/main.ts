import { consumeDecisions } from '@consent/decision-consumer';
import { orExit, readConfig, runService } from '@consent/service-host';
import { config } from './config.js';
import { DirectoryListingModule } from './directory-listing.module.js';
import { takeFeeds } from './feed-api.js';

const settings = orExit(() => readConfig(config));

await runService({
  name: 'directory-listing',
  config: settings,
  module: DirectoryListingModule.with(settings),
  setup: (app) => {
    takeFeeds(app);
    consumeDecisions(app);
  },
});
