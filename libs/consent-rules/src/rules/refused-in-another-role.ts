import { type NoLookup } from '../types.js';
import { type Rule } from './rule.js';

/**
 * What is open by default stays closed while a no of the person stands on the same thing under an earlier role: who
 * unsubscribed from the newsletter as a prospect (7.1.4) does not get it as a customer (7.2.2.4), and who objected to
 * campaigns as a customer (7.2.2.1) is not won back (7.3.2), C42. Only a newer opening by the person stands against it.
 */
export const refusedInAnotherRole: Rule = {
  name: 'refused-in-another-role',
  decisions: ['C42'],
  judge: ({ purpose, decided, saidNoAt }) => {
    const refusedAt = newestNo(purpose.continues, saidNoAt);
    if (refusedAt === null) return null;
    return decided === null || decided.decidedAt <= refusedAt ? { closes: 'refused_in_another_role' } : 'passes';
  },
};

/** The newest no that stands on any of some purposes, epoch ms; null when none does. */
export function newestNo(purposeIds: readonly string[], saidNoAt: NoLookup): number | null {
  const moments = purposeIds.flatMap((id) => saidNoAt(id) ?? []);
  return moments.length === 0 ? null : Math.max(...moments);
}
