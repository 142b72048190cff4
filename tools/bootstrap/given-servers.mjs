import * as real from './network.mjs';

/** DATABASE_URL, KAFKA_BROKERS and SCHEMA_REGISTRY_URL, where set. */
export function serversGivenBy({ DATABASE_URL, KAFKA_BROKERS, SCHEMA_REGISTRY_URL }) {
  return {
    ...(DATABASE_URL ? { databaseUrl: DATABASE_URL } : {}),
    ...(KAFKA_BROKERS ? { brokers: KAFKA_BROKERS } : {}),
    ...(SCHEMA_REGISTRY_URL ? { registryUrl: SCHEMA_REGISTRY_URL } : {}),
  };
}

/** The first given address that is none; the password in it is not repeated. */
export function malformedAddress({ databaseUrl, brokers = '', registryUrl }) {
  if (databaseUrl && !(/^postgres(ql)?:\/\//.test(databaseUrl) && URL.canParse(databaseUrl)))
    return {
      found: 'DATABASE_URL is no PostgreSQL address',
      mend: 'expected postgres://user:password@host:port/database',
    };
  const wrong = brokers.split(',').find((broker) => broker !== '' && !isHostAndPort(broker));
  if (wrong !== undefined) return { found: `KAFKA_BROKERS holds '${wrong}'`, mend: 'expected host:port,host:port' };
  if (registryUrl && !(/^https?:\/\//.test(registryUrl) && URL.canParse(registryUrl)))
    return { found: `SCHEMA_REGISTRY_URL=${registryUrl} is no address`, mend: 'expected http://host:port/path' };
  return undefined;
}

/** The first given server that does not answer. Whether PostgreSQL accepts the role is seen by who logs in. */
export async function silentServer({ databaseUrl, brokers, registryUrl }, network = real) {
  if (databaseUrl) {
    const { hostname, port } = new URL(databaseUrl);
    // Without a host it is reached by a socket in the file system.
    if (hostname && !(await network.acceptsConnections(hostname, Number(port || 5432))))
      return {
        found: `PostgreSQL at DATABASE_URL (${hostname}:${port || 5432}) accepts no connection`,
        mend: 'start it, or unset it',
      };
  }
  if (brokers) {
    const reached = brokers.split(',').map((broker) => {
      const [host, port] = broker.split(':');
      return network.acceptsConnections(host, Number(port));
    });
    if (!(await Promise.all(reached)).includes(true))
      return { found: `No broker of KAFKA_BROKERS=${brokers} accepts a connection`, mend: 'start one, or unset it' };
  }
  if (registryUrl && !(await network.registryAnswers(registryUrl)))
    return { found: `No schema registry answers at SCHEMA_REGISTRY_URL=${registryUrl}`, mend: 'start it, or unset it' };
  return undefined;
}

function isHostAndPort(text) {
  const port = /^[^:\s]+:(\d+)$/.exec(text)?.[1];
  return port !== undefined && Number(port) <= 65_535;
}
