import { type Released } from '../http/system-ops.js';

/** One line a parked decision: how it came out. */
export const releasedText = (released: Released): string =>
  released.map(({ id, outcome, reason }) => `${id} ${outcome}${reason ? `: ${reason}` : ''}`).join('\n');

/** Whether something failed again. */
export const stillParked = (released: Released): boolean => released.some(({ outcome }) => outcome === 'parked');
