import { type Rule } from './rule.js';

/**
 * What is open by default, or by an older yes, stays closed while a no of the person stands on the same thing under another
 * role, whichever comes first: who unsubscribed from the newsletter as a prospect (7.1.4) does not get it as a customer
 * (7.2.2.4), and who does not want to be won back (7.3.2) gets no campaigns as a customer again (7.2.2.1), C42. It goes by
 * what was said, never by what is allowed. Only a newer opening by the person stands against it.
 */
export const refusedInAnotherRole: Rule = {
  name: 'refused-in-another-role',
  decisions: ['C42'],
  judge: ({ purpose, decided, noUnderAnotherRole }) => {
    const refusedAt = noUnderAnotherRole(purpose.id);
    if (refusedAt === null) return null;
    return decided === null || decided.decidedAt <= refusedAt ? { closes: 'refused_in_another_role' } : 'passes';
  },
};
