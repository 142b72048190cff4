import { addPeriod } from '../calendar.js';
import { type Rule } from './rule.js';

/**
 * Consents of sections 7.1.2, 7.1.4 and 7.3.1 lapse three years after the day they were given (C06, C09). Other
 * consents have no such end, and none is invented.
 */
export const consentClock: Rule = {
  name: 'consent-clock',
  decisions: ['C06', 'C09'],
  judge: ({ purpose, decided, now }) => {
    const clock = purpose.clocks.find((c) => c.from === 'consent');
    if (clock === undefined || decided === null) return null;
    const end = addPeriod(decided.decidedAt, clock.period);
    return now >= end ? { closes: 'consent_lapsed' } : { opensUntil: end };
  },
};
