import { type PrerequisiteLookup } from '../types.js';
import { type Rule, type Verdict } from './rule.js';

/**
 * A purpose that stands on others is closed while one of them is: the profession without the listing (6.3.4), tailored
 * promotion where nothing may be promoted (9.4, C16), web advertising on a device that refused (C62), partner access
 * without both cookies (10, C85).
 */
export const prerequisitesOpen: Rule = {
  name: 'prerequisites-open',
  decisions: ['C16', 'C62', 'C85'],
  judge: ({ purpose, prerequisites }) => whatItStandsOn(purpose.dependsOn, prerequisites),
};

/** It closes with the first of its prerequisites, and opens with the last of those that are closed. */
export function whatItStandsOn(dependsOn: readonly string[], prerequisites: PrerequisiteLookup): Verdict {
  if (dependsOn.length === 0) return null;
  const below = dependsOn.map(prerequisites);
  const moments = (of: boolean): number[] =>
    below.filter(({ allowed }) => allowed === of).map(({ nextChangeAt }) => nextChangeAt ?? Infinity);
  if (below.every(({ allowed }) => allowed)) {
    const opensUntil = Math.min(...moments(true));
    return opensUntil === Infinity ? 'passes' : { opensUntil };
  }
  const until = Math.max(...moments(false));
  return until === Infinity ? { closes: 'prerequisite_closed' } : { closes: 'prerequisite_closed', until };
}
