import { type Rule } from './rule.js';

/** Sections 7.2 and 9 use family data and say nothing of children: a known minor is never profiled (C38). */
export const minorNotProfiled: Rule = ({ purpose, facts }) =>
  purpose.profiling && facts.minor ? { closes: 'minor_not_profiled' } : null;
