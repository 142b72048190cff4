import { acceptsConnections } from './java/start-kafka.ts';
import { asAdministrator } from './postgres/ensure-database.ts';
import { registryAnswers } from './java/start-registry.ts';
import { StackError } from './stack-error.ts';

/** Servers that the user brings: those are used instead of local ones. */
export interface GivenServers {
  /** Of a role that may create roles and databases. */
  databaseUrl?: string;
  brokers?: string;
  registryUrl?: string;
}

/** Addresses of the three servers that everything stands on. */
export interface Servers {
  databaseUrl: string;
  brokers: string;
  registryUrl: string;
}

/** DATABASE_URL, KAFKA_BROKERS and SCHEMA_REGISTRY_URL, where set. @throws StackError when one is malformed */
export function givenServers(env: NodeJS.ProcessEnv = process.env): GivenServers {
  const { DATABASE_URL: databaseUrl, KAFKA_BROKERS: brokers, SCHEMA_REGISTRY_URL: registryUrl } = env;
  if (databaseUrl && !/^postgres(ql)?:\/\//.test(databaseUrl))
    throw new StackError('DATABASE_URL is no PostgreSQL address: expected postgres://user:password@host:port/database');
  const wrong = (brokers ?? '').split(',').find((broker) => broker !== '' && !/^[^:\s]+:\d+$/.test(broker));
  if (wrong !== undefined) throw new StackError(`KAFKA_BROKERS holds '${wrong}': expected host:port,host:port`);
  if (registryUrl && !/^https?:\/\//.test(registryUrl))
    throw new StackError(`SCHEMA_REGISTRY_URL=${registryUrl} is no address: expected http://host:port/path`);
  return {
    ...(databaseUrl ? { databaseUrl } : {}),
    ...(brokers ? { brokers } : {}),
    ...(registryUrl ? { registryUrl } : {}),
  };
}

/** @throws StackError naming the first given server that cannot be used */
export async function checkGivenServers({ databaseUrl, brokers, registryUrl }: GivenServers): Promise<void> {
  if (databaseUrl) await asAdministrator(databaseUrl, async (client) => client.query('SELECT 1'));
  if (brokers) {
    const reachable = await Promise.all(
      brokers.split(',').map((broker) => {
        const [host, port] = broker.split(':') as [string, string];
        return acceptsConnections(host, Number(port));
      }),
    );
    if (!reachable.includes(true))
      throw new StackError(`No broker of KAFKA_BROKERS=${brokers} accepts a connection: start one, or unset it`);
  }
  if (registryUrl && !(await registryAnswers(registryUrl)))
    throw new StackError(`No schema registry answers at SCHEMA_REGISTRY_URL=${registryUrl}: start it, or unset it`);
}
