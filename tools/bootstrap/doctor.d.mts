import { type Fault } from './fault.mjs';
import { type Network } from './given-servers.mjs';

/** One thing that the stack needs. `mend` is absent when nothing is to be done. */
export interface Finding {
  what: string;
  found: string;
  state: 'ok' | 'note' | 'missing';
  mend?: string;
  /** A variable holds what it cannot: a start then ends with exit code 78. */
  wrongValue?: boolean;
}

export interface Machine extends Network {
  nodeVersion: string;
  isRoot: boolean;
  /** The command to ask. */
  java: string;
  /** What a command prints, or undefined when it cannot be run. */
  output(command: string, args: string[]): string | undefined;
  dataFolderFault(folder: string): Fault | undefined;
  freeBytes(folder: string): number;
  memoryBytes(): number;
  userNamespaces(): boolean;
  portIsFree(port: number): Promise<boolean>;
}

export declare function examine(env?: NodeJS.ProcessEnv, machine?: Machine, instance?: string): Promise<Finding[]>;
export declare function obstacle(instance?: string): Promise<{ line: string; exitCode: number } | undefined>;
export declare function doctor(): Promise<boolean>;
export declare function lineOf(finding: Finding): string;
