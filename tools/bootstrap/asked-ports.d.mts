import { type Fault } from './fault.mjs';
import { type GivenServers } from './given-servers.mjs';

export interface PortWish {
  /** Who wants it, for messages. */
  owner: string;
  /** Environment variable with which a user asks for a port. */
  variable: string;
  /** The well-known one; taken when free and nothing else was asked for. */
  preferred?: number | undefined;
}

type IsFree = (port: number) => Promise<boolean>;

export declare function portWishes(given?: GivenServers): PortWish[];
export declare function portVariable(service: string): string;
export declare function portFault(wish: PortWish, asked: string, isFree: IsFree): Promise<Fault | undefined>;
export declare function askedPortFaults(
  wishes: readonly PortWish[],
  env: NodeJS.ProcessEnv,
  isFree: IsFree,
): Promise<Fault[]>;
export declare function mayBeOurs(instanceDir: string, port: number): boolean;
