import { type Fault } from './fault.mjs';

/** Servers that the user brings: those are used instead of local ones. */
export interface GivenServers {
  /** Of a role that may create roles and databases. */
  databaseUrl?: string;
  brokers?: string;
  registryUrl?: string;
}

export interface Network {
  acceptsConnections(host: string, port: number): Promise<boolean>;
  registryAnswers(url: string): Promise<boolean>;
  /** host and port of each broker that the cluster announces; undefined when no broker answers there. */
  announcedBrokers(host: string, port: number): Promise<{ host: string; port: number }[] | undefined>;
  /** 'unknown' while the packages that can tell are not installed. */
  databaseRefusal(url: string): Promise<Fault | 'unknown' | undefined>;
}

export declare function serversGivenBy(env: NodeJS.ProcessEnv): GivenServers;
export declare function malformedAddresses(given: GivenServers): Fault[];
export declare function unusableServers(given: GivenServers, network?: Network): Promise<Fault[]>;
