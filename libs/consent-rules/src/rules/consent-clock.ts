import { addPeriod } from '../calendar.js';
import { consentPeriod } from '../consent-period.js';
import { type Rule } from './rule.js';

/**
 * Consents of sections 7.1.2, 7.1.4 and 7.3.1 lapse three years after the day they were given (C06, C09), those
 * for an event (7.1.1.1) after the period that was announced to the person (C12). Other consents have no such end, and none is
 * invented.
 */
export const consentClock: Rule = {
  name: 'consent-clock',
  decisions: ['C06', 'C09', 'C12'],
  judge: ({ purpose, decided, now }) => {
    if (decided === null) return null;
    const period = consentPeriod(purpose, decided.announcedPeriod);
    if (period === null) return null;
    const end = addPeriod(decided.decidedAt, period);
    return now >= end ? { closes: 'consent_lapsed' } : { opensUntil: end };
  },
};
