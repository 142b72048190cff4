import { type Fault } from './fault.mjs';

export declare function malformedSettings(env: NodeJS.ProcessEnv): Fault[];
export declare function shown(text: string): string;
