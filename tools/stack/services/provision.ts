import { asAdministrator, databaseUrl, ensureDatabase } from '../postgres/ensure-database.ts';
import { type Secrets } from '../secrets.ts';
import { type Servers } from '../servers.ts';
import { StackError } from '../stack-error.ts';
import { migrateService } from './migrate-service.ts';
import { appRole, ownerRole, type ServiceSpec, SERVICES } from './service-table.ts';

/** Databases and roles of all services, with passwords of their own. Safe to repeat. */
export async function provisionDatabases(
  adminUrl: string,
  secrets: Secrets,
  services: readonly ServiceSpec[] = SERVICES,
): Promise<void> {
  await asAdministrator(adminUrl, async (client) => {
    for (const service of services)
      await ensureDatabase(client, {
        name: service.database,
        owner: roleOf(ownerRole(service), secrets),
        app: roleOf(appRole(service), secrets),
      });
  });
}

/** Runs the migrate job of every service, two at a time. */
export async function migrateDatabases(
  adminUrl: string,
  secrets: Secrets,
  services: readonly ServiceSpec[] = SERVICES,
): Promise<void> {
  const waiting = [...services];
  const worker = async (): Promise<void> => {
    for (let service = waiting.shift(); service; service = waiting.shift())
      await migrateService(service, databaseUrl(adminUrl, service.database, roleOf(ownerRole(service), secrets)));
  };
  await Promise.all([worker(), worker()]);
}

/** The address with which a service reaches its database. */
export const appUrl = (adminUrl: string, secrets: Secrets, service: ServiceSpec): string =>
  databaseUrl(adminUrl, service.database, roleOf(appRole(service), secrets));

const roleOf = (role: string, secrets: Secrets): { role: string; password: string } => ({
  role,
  password: secrets.get(role),
});

export interface TopicSettings {
  prefix?: string;
  replicationFactor?: number;
  minInSyncReplicas?: number;
}

/**
 * Topics exist as designed and the schemas of this build are registered. @returns how many topics there are
 * @throws StackError with what the broker or the registry refuses
 */
export async function provisionTopics(
  { brokers, registryUrl }: Pick<Servers, 'brokers' | 'registryUrl'>,
  { prefix = '', ...durability }: TopicSettings = {},
): Promise<number> {
  // Loaded late: these packages are built by the start itself.
  const { allTopics, createKafka, ensureTopics, registerSchemas, SchemaRegistry } = await import('@consent/kafka');
  const { topics } = await import('@consent/events');
  const names = allTopics(prefix);
  const refused =
    (what: string) =>
    (cause: Error): never => {
      throw new StackError(`${what}: ${cause.message}`);
    };
  await ensureTopics(createKafka({ brokers: brokers.split(','), clientId: 'provision' }), names, durability).catch(
    refused(`The topics cannot be made ready at ${brokers}`),
  );
  await registerSchemas(new SchemaRegistry({ url: registryUrl }), topics(prefix)).catch(
    refused(`The schemas cannot be registered at ${registryUrl}`),
  );
  return names.length;
}
