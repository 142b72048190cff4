import { type Rule } from './rule.js';

/**
 * Numbers, lines and addresses pass from one person to another: outside of the time in which a scope is the person's,
 * nothing is allowed in it (C88). What was decided about a channel on a contact point that, as is told later, it does not
 * reach, opens nothing there (C18).
 */
export const scopeValid: Rule = {
  name: 'scope-valid',
  decisions: ['C88', 'C18'],
  judge: ({ purpose: { contactKind }, facts, now }) => {
    const from = facts.validFrom ?? null;
    const until = facts.validUntil ?? null;
    if (contactKind !== null && (facts.contactKind ?? contactKind) !== contactKind) return { closes: 'channel_closed' };
    if (from === null && until === null) return null;
    if (until !== null && now >= until) return { closes: 'scope_ended' };
    if (from !== null && now < from) return { closes: 'scope_not_yet_valid', until: from };
    return until === null ? 'passes' : { opensUntil: until };
  },
};
