import { type Fault } from './fault.mjs';

export declare function dataFolder(env?: NodeJS.ProcessEnv): string;
export declare function nearestExisting(folder: string): string;
export declare function dataFolderFault(folder: string): Fault | undefined;
