import { type GivenServers, malformedAddresses, serversGivenBy, unusableServers } from '../bootstrap/given-servers.mjs';
import { refuse } from './stack-error.ts';

export { type GivenServers };

/** Addresses of the three servers that everything stands on. */
export interface Servers {
  databaseUrl: string;
  brokers: string;
  registryUrl: string;
}

/** DATABASE_URL, KAFKA_BROKERS and SCHEMA_REGISTRY_URL, where set. @throws StackError when one is malformed */
export function givenServers(env: NodeJS.ProcessEnv = process.env): GivenServers {
  const given = serversGivenBy(env);
  refuse(malformedAddresses(given)[0]);
  return given;
}

/** @throws StackError naming the first given server that cannot be used */
export async function checkGivenServers(given: GivenServers): Promise<void> {
  refuse((await unusableServers(given))[0]);
}
