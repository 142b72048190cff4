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
}

export declare function serversGivenBy(env: NodeJS.ProcessEnv): GivenServers;
export declare function malformedAddress(given: GivenServers): Fault | undefined;
export declare function silentServer(given: GivenServers, network?: Network): Promise<Fault | undefined>;
