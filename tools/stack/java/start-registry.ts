import path from 'node:path';
import { registryAnswers } from '../../bootstrap/network.mjs';
import { type Instance } from '../instance.ts';
import { unpackRegistry } from './jars.ts';
import { javaCommand, JVM_FLAGS } from './java.ts';
import { type PortChoice, startOnPorts } from '../process/start-on-ports.ts';
import { supervise, type Supervised } from '../process/supervise.ts';

export interface RunningRegistry {
  /** Base of the Confluent-compatible API. */
  url: string;
  process: Supervised;
}

export interface RegistryDatabase {
  host: string;
  port: string;
  name: string;
  user: string;
  password: string;
}

/** Apicurio with its schemas in PostgreSQL, so that schema ids survive a restart. */
export async function startRegistry(
  instance: Instance,
  database: RegistryDatabase,
  { preferred, ...choice }: PortChoice,
): Promise<RunningRegistry> {
  const app = await unpackRegistry(instance.jars);
  const { ports, process } = await startOnPorts(
    instance,
    {
      wishes: { port: { owner: 'the schema registry', variable: 'REGISTRY_PORT', preferred } },
      start: ({ port }) => runRegistry(instance, app, database, port),
      ready: async ({ port }) => (await isOurs(instance, port)) && registryAnswers(apiOn(port)),
    },
    choice,
  );
  return { url: apiOn(ports.port), process };
}

const apiOn = (port: number): string => `http://127.0.0.1:${port}/apis/ccompat/v7`;

/** Whether what answers there was started for this instance, by the description that it was given. */
async function isOurs(instance: Instance, port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/apis/registry/v3/system/info`, { signal: AbortSignal.timeout(3_000) })
    .then(async (response) => ((await response.json()) as { description?: string }).description === instance.dir)
    .catch(() => false);
}

function runRegistry(instance: Instance, app: string, database: RegistryDatabase, port: number): Promise<Supervised> {
  return supervise(instance, {
    name: 'registry',
    command: javaCommand(),
    args: [
      ...['-Xms64m', '-Xmx256m', ...JVM_FLAGS, '-XX:TieredStopAtLevel=1'],
      // Tells this instance's process from another one's.
      `-Dconsent.instance=${instance.dir}`,
      ...['-jar', path.join(app, 'apicurio-registry-app-3.0.9-runner.jar')],
    ],
    marker: `-Dconsent.instance=${instance.dir}`,
    env: {
      QUARKUS_HTTP_HOST: '127.0.0.1',
      QUARKUS_HTTP_PORT: String(port),
      QUARKUS_LOG_LEVEL: 'WARN',
      APICURIO_STORAGE_KIND: 'sql',
      APICURIO_STORAGE_SQL_KIND: 'postgresql',
      APICURIO_DATASOURCE_URL: `jdbc:postgresql://${database.host}:${database.port}/${database.name}`,
      APICURIO_DATASOURCE_USERNAME: database.user,
      APICURIO_DATASOURCE_PASSWORD: database.password,
      APICURIO_DATASOURCE_JDBC_INITIAL_SIZE: '1',
      APICURIO_DATASOURCE_JDBC_MIN_SIZE: '1',
      APICURIO_DATASOURCE_JDBC_MAX_SIZE: '8',
      // Looks for changed log levels each second by default.
      APICURIO_LOGCONFIGJOB_EVERY: '1h',
      APICURIO_APP_DESCRIPTION: instance.dir,
    },
  });
}
