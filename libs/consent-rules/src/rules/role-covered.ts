import { type Rule } from './rule.js';

/**
 * What is open by default is open only for the people the section speaks of (C42, C68). A consent is the person's own
 * yes and survives a change of role: its end is a matter of clocks.
 */
export const roleCovered: Rule = {
  name: 'role-covered',
  decisions: ['C42', 'C68'],
  judge: ({ purpose, facts }) => {
    if (purpose.choiceModel === 'opt-in' || purpose.roles.length === 0) return null;
    return purpose.roles.some((role) => facts.roles.includes(role)) ? 'passes' : { closes: 'role_not_covered' };
  },
};
