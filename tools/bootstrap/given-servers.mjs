import * as real from './network.mjs';
import { shown } from './settings.mjs';

/** DATABASE_URL, KAFKA_BROKERS and SCHEMA_REGISTRY_URL, where set. */
export function serversGivenBy({ DATABASE_URL, KAFKA_BROKERS, SCHEMA_REGISTRY_URL }) {
  return {
    ...(DATABASE_URL ? { databaseUrl: DATABASE_URL } : {}),
    ...(KAFKA_BROKERS ? { brokers: brokersOf(KAFKA_BROKERS).join(',') } : {}),
    ...(SCHEMA_REGISTRY_URL ? { registryUrl: SCHEMA_REGISTRY_URL } : {}),
  };
}

/** A fault for each given address that is none; the password in it is not repeated. */
export function malformedAddresses({ databaseUrl, brokers, registryUrl }) {
  const faults = [];
  if (databaseUrl && !(/^postgres(ql)?:\/\//.test(databaseUrl) && isAddress(databaseUrl)))
    faults.push({
      found: 'DATABASE_URL is no PostgreSQL address',
      mend: 'expected postgres://user:password@host:port/database',
      wrongValue: true,
    });
  const wrong = brokers === undefined ? undefined : brokersOf(brokers).find((broker) => !isHostAndPort(broker));
  if (wrong !== undefined)
    faults.push({
      // An empty part is seen in the whole only.
      found: `KAFKA_BROKERS holds ${shown(wrong || brokers)}`,
      mend: 'expected host:port,host:port',
      wrongValue: true,
    });
  if (registryUrl && !(/^https?:\/\/[^\s]+$/.test(registryUrl) && isAddress(registryUrl)))
    faults.push({
      found: `SCHEMA_REGISTRY_URL is ${shown(registryUrl)}`,
      mend: 'expected http://host:port/path',
      wrongValue: true,
    });
  return faults;
}

/**
 * A fault for each given server that a start could not work with: each is connected to, and asked what a start asks first.
 * The addresses are not malformed.
 */
export async function unusableServers({ databaseUrl, brokers, registryUrl }, network = real) {
  const faults = await Promise.all([
    databaseUrl && databaseFault(databaseUrl, network),
    brokers && brokerFault(brokersOf(brokers), network),
    registryUrl && registryFault(registryUrl, network),
  ]);
  return faults.filter((fault) => typeof fault === 'object');
}

async function databaseFault(url, network) {
  const { hostname, port } = new URL(url);
  // Without a host it is reached by a socket in the file system.
  if (hostname && !(await network.acceptsConnections(hostname, Number(port || 5432))))
    return {
      found: `PostgreSQL at DATABASE_URL (${hostname}:${port || 5432}) accepts no connection`,
      mend: 'start it, or unset it',
    };
  return network.databaseRefusal(url);
}

async function brokerFault(brokers, network) {
  const all = brokers.join(',');
  const answers = await Promise.all(brokers.map((broker) => network.announcedBrokers(...partsOf(broker))));
  const announced = answers.find((found) => found !== undefined);
  if (!announced) {
    const reached = await Promise.all(brokers.map((broker) => network.acceptsConnections(...partsOf(broker))));
    return reached.includes(true)
      ? {
          found: `What listens at KAFKA_BROKERS=${all} is no Kafka broker`,
          mend: 'expected a plaintext listener of one',
        }
      : { found: `No broker of KAFKA_BROKERS=${all} accepts a connection`, mend: 'start one, or unset it' };
  }
  const open = await Promise.all(announced.map(({ host, port }) => network.acceptsConnections(host, port)));
  if (open.includes(true)) return undefined;
  const names = announced.map(({ host, port }) => `${host}:${port}`).join(', ');
  return {
    found: `The cluster at KAFKA_BROKERS=${all} announces ${names || 'no broker'}, which cannot be reached from here`,
    mend: 'correct its advertised.listeners',
  };
}

async function registryFault(url, network) {
  if (await network.registryAnswers(url)) return undefined;
  return { found: `No schema registry answers at SCHEMA_REGISTRY_URL=${url}`, mend: 'start it, or unset it' };
}

const brokersOf = (text) => text.split(',').map((broker) => broker.trim());

function partsOf(broker) {
  const at = broker.lastIndexOf(':');
  return [broker.slice(0, at), Number(broker.slice(at + 1))];
}

function isHostAndPort(text) {
  const port = Number(/^[^:\s]+:(\d{1,5})$/.exec(text)?.[1]);
  return port >= 1 && port <= 65_535;
}

/** What a client would decode must be decodable. */
function isAddress(text) {
  try {
    const { username, password, pathname } = new URL(text);
    [username, password, pathname].forEach(decodeURIComponent);
    return true;
  } catch {
    return false;
  }
}
