import { type Machine } from './doctor.mjs';

export declare const thisMachine: Machine;
