import path from 'node:path';
import { type ListrTask } from 'listr2';
import { asAdministrator, ensureDatabase } from './postgres/ensure-database.ts';
import { type Instance } from './instance.ts';
import { ensureJars } from './java/jars.ts';
import { type Secrets } from './secrets.ts';
import { checkGivenServers, type GivenServers, type Servers } from './servers.ts';
import { startKafka } from './java/start-kafka.ts';
import { startPostgres } from './postgres/start-postgres.ts';
import { startRegistry } from './java/start-registry.ts';
import { type PortChoice } from './process/start-on-ports.ts';
import { type Supervised } from './process/supervise.ts';

/** What the steps of a start hand on to each other. */
export interface StackContext {
  servers: Partial<Servers>;
  /** In the order of their start; they are stopped in the opposite order. */
  processes: Supervised[];
  /** Lines for the user, such as a port that was busy. */
  notes: string[];
}

export interface StackOptions {
  instance: Instance;
  secrets: Secrets;
  given: GivenServers;
  /** Whether the well-known ports are tried first; otherwise any free ones. */
  wellKnownPorts: boolean;
  /** More environment for a service, such as a benchmark's catalogue. */
  env?: (service: string) => Record<string, string>;
}

const REGISTRY_DATABASE = 'registry';

/** The steps that start PostgreSQL, Kafka and the registry, except those the user brings. */
export function stackTasks<Context extends StackContext>(options: StackOptions): ListrTask<Context>[] {
  const { instance, given, secrets } = options;
  const wellKnown = (port: number): number | undefined => (options.wellKnownPorts ? port : undefined);
  const noteTo =
    (context: StackContext) =>
    (text: string): void =>
      void context.notes.push(text);
  return [
    {
      title: 'Given servers answer',
      enabled: Object.keys(given).length > 0,
      task: async (context) => {
        await checkGivenServers(given);
        Object.assign(context.servers, given);
      },
    },
    {
      title: 'Jars of Kafka and the schema registry',
      enabled: !given.brokers || !given.registryUrl,
      task: async (_, task) => {
        const fetched = await ensureJars(instance.jars);
        task.title += fetched ? ': downloaded, checked' : ': checked';
      },
    },
    {
      title: 'PostgreSQL',
      enabled: !given.databaseUrl,
      task: async (context, task) => {
        const started = await startPostgres(instance, secrets, { preferred: wellKnown(5432), note: noteTo(context) });
        context.processes.push(started.process);
        context.servers.databaseUrl = started.url;
        task.title += ` on 127.0.0.1:${new URL(started.url).port}`;
      },
    },
    {
      title: 'Kafka and the schema registry',
      enabled: !given.brokers || !given.registryUrl,
      task: (_, task) =>
        task.newListr(
          [
            {
              title: 'Kafka',
              enabled: !given.brokers,
              task: async (context, step) => {
                const started = await startKafka(instance, { preferred: wellKnown(9092), note: noteTo(context) });
                context.processes.push(started.process);
                context.servers.brokers = started.brokers;
                step.title += ` on ${started.brokers}`;
              },
            },
            {
              title: 'Schema registry',
              enabled: !given.registryUrl,
              task: async (context, step) => {
                const started = await startRegistryOn(options, context, {
                  preferred: wellKnown(8081),
                  note: noteTo(context),
                });
                step.title += ` on ${started}`;
              },
            },
          ],
          { concurrent: true },
        ),
    },
  ];
}

async function startRegistryOn(
  { instance, secrets }: StackOptions,
  context: StackContext,
  port: PortChoice,
): Promise<string> {
  const adminUrl = context.servers.databaseUrl as string;
  const owner = { role: 'registry_owner', password: secrets.get('registry_owner') };
  await asAdministrator(adminUrl, (client) => ensureDatabase(client, { name: REGISTRY_DATABASE, owner }));
  const { hostname, port: databasePort } = new URL(adminUrl);
  const started = await startRegistry(
    instance,
    {
      host: hostname,
      port: databasePort || '5432',
      name: REGISTRY_DATABASE,
      user: owner.role,
      password: owner.password,
    },
    port,
  );
  context.processes.push(started.process);
  context.servers.registryUrl = started.url;
  return new URL(started.url).host;
}

/** Where the addresses of a running stack are kept for other commands. */
export const addressesFile = (instance: Instance): string => path.join(instance.dir, 'addresses.json');
