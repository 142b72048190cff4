import { type Rule } from './rule.js';

/**
 * An objection to all marketing (11.5) wins over what was open before it, consents to own offers included, and over
 * every default that follows, such as a new contact point (C18, C21). Only a newer opening by the person stands
 * against it. It does not reach the advertising of third parties (C21, C22).
 */
export const fullMarketingObjection: Rule = {
  name: 'full-marketing-objection',
  decisions: ['C18', 'C21', 'C22'],
  judge: ({ purpose, decided, facts }) => {
    if (!purpose.ownMarketing) return null;
    const objectedAt = facts.fullMarketingObjectionAt ?? null;
    if (objectedAt === null) return 'passes';
    return decided === null || decided.decidedAt <= objectedAt ? { closes: 'full_marketing_objection' } : 'passes';
  },
};
