import { type Rule } from './rule.js';

/**
 * Sections 7.2 and 9 use family data and say nothing of children: a known minor is never profiled, and neither is a
 * person whose age is not known (C38).
 */
export const minorNotProfiled: Rule = ({ purpose, facts }) =>
  !purpose.profiling || facts.minor === false
    ? null
    : { closes: facts.minor === null ? 'age_unknown' : 'minor_not_profiled' };
