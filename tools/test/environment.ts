import { type Instance } from '../stack/instance.ts';
import { OWNER_VARIABLE } from '../stack/process/leftovers.ts';
import { type Servers } from '../stack/servers.ts';

/** Of everything a test run starts. The owner's mark lets an interrupted run be swept up completely. */
export function environmentOf(instance: Instance, servers?: Servers): Record<string, string> {
  return {
    [OWNER_VARIABLE]: instance.dir,
    // A daemon would outlive the run, and so would plugins as workers.
    NX_DAEMON: 'false',
    NX_ISOLATE_PLUGINS: 'false',
    NX_TUI: 'false',
    ...(servers
      ? {
          TEST_DATABASE_URL: servers.databaseUrl,
          KAFKA_BROKERS: servers.brokers,
          SCHEMA_REGISTRY_URL: servers.registryUrl,
        }
      : {}),
  };
}
