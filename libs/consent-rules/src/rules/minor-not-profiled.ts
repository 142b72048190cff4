import { type Rule } from './rule.js';

/**
 * Sections 7.2 and 9 use family data and say nothing of children: a known minor is never profiled, and neither is a
 * person whose age is not known (C38).
 */
export const minorNotProfiled: Rule = {
  name: 'minor-not-profiled',
  decisions: ['C38'],
  judge: ({ purpose, facts }) => {
    if (!purpose.profiling) return null;
    if (facts.minor === null) return { closes: 'age_unknown' };
    return facts.minor ? { closes: 'minor_not_profiled' } : 'passes';
  },
};
