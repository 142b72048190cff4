import { type Instance } from '../instance.ts';

/** Instances of this process that are being stopped: a step still under way must not start anything behind the sweep. */
const closing = new Set<string>();

export const beginClosing = (instance: Instance): void => void closing.add(instance.dir);
export const endClosing = (instance: Instance): void => void closing.delete(instance.dir);
export const isClosing = (instance: Instance): boolean => closing.has(instance.dir);
