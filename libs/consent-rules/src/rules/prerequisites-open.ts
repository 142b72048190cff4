import { type Rule } from './rule.js';

/**
 * A purpose that stands on others is closed while one of them is: the profession without the listing (6.3.4), tailored
 * promotion where nothing may be promoted (9.4, C16), web advertising on a device that refused (C62), partner access
 * without both cookies (10, C85).
 */
export const prerequisitesOpen: Rule = {
  name: 'prerequisites-open',
  decisions: ['C16', 'C62', 'C85'],
  judge: ({ purpose, prerequisites }) => {
    if (purpose.dependsOn.length === 0) return null;
    return purpose.dependsOn.every(prerequisites) ? 'passes' : { closes: 'prerequisite_closed' };
  },
};
