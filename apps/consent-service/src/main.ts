import { type CatalogueFile } from '@consent/consent-rules';
import { orExit, runService } from '@consent/service-host';
import { loadCallers } from './callers/callers.js';
import { catalogueFiles } from './catalogue/catalogue-files.js';
import { config } from './config.js';
import { takeBodies } from './http/take-bodies.js';
import { BODY_LIMIT } from './limits.js';
import { problemOf } from './problem-of.js';
import { ServiceModule } from './service.module.js';

const settings = orExit(config);
const callers = orExit(() => loadCallers(settings.CALLERS_FILE));
const catalogue = (): CatalogueFile[] => catalogueFiles(settings.CATALOGUE_DIR);
orExit(catalogue);

await runService({
  name: 'consent-service',
  config: settings,
  module: () => ServiceModule.forRoot(settings, catalogue, callers),
  bodyLimit: BODY_LIMIT,
  problemOf,
  setup: takeBodies,
});
