import { type Rule } from './rule.js';

/**
 * A purpose that stands on others is closed while one of them is: the profession without the listing (6.3.4), tailored
 * promotion where nothing may be promoted (9.4, C16), partner access without both cookies (10, C85).
 */
export const prerequisitesOpen: Rule = ({ purpose, prerequisites }) =>
  purpose.dependsOn.every(prerequisites) ? null : { closes: 'prerequisite_closed' };
