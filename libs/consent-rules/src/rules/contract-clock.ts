import { addPeriod, periodBefore } from '../calendar.js';
import { CUSTOMERS, type Purpose, type PurposeClock, type SubjectFacts } from '../types.js';
import { type Decided, type Rule, type Verdict } from './rule.js';

/**
 * What ends with the contract, or some years after it.
 * C07: the advertising consents of 7.2.3.1–7.2.3.4 live only under the contract they were given under: they end with it,
 * a new contract asks again, and a yes from before a contract, or of who is no customer, opens nothing.
 * C08: the sources of tailored offers (7.2.1.2) are frozen at contract end and usable for five years more; a yes from before
 * a contract, of an earlier one whose end is not told, freezes nothing and opens nothing.
 * 7.2.1.1, 7.2.2.1, 7.2.2.2, 7.2.2.4, 7.3.2, 6.3.2.6: five years after contract end (C68), unless a later contract runs.
 * Sections that speak of customers alone (5.3, 6.3.2.4, 7.2.1.4, 7.2.2.5, 9.4, push messages of 11.5): at contract end (C68).
 * Who was a customer once, and nobody said until when, counts as one whose period may be over: closed till the end is told.
 * What is for former customers alone (7.3.2) runs from the end of the former contract, whether or not another runs now.
 * C09: former customers are asked for three years more (7.3.1) only in the last months of these five years, the `window` of
 * the clock; while no end of the contract is known, or a later contract runs, they are not asked.
 */
export const contractClock: Rule = {
  name: 'contract-clock',
  decisions: ['C07', 'C08', 'C09', 'C68'],
  judge: ({ purpose, decided, facts, now }) => {
    const clock = purpose.clocks.find((c) => c.from === 'contract-end');
    if (clock === undefined) return null;
    const consent = purpose.choiceModel === 'opt-in' ? decided : null;
    const contractEnd = facts.contractEnd ?? null;
    if (consent !== null && clock.period === 'PT0S') {
      const without = withoutContract(consent, facts, now);
      if (without !== null) return without;
    }
    if (
      consent !== null &&
      clock.frozen &&
      contractEnd === null &&
      consent.decidedAt < (facts.contractStart ?? -Infinity)
    )
      return { closes: 'consent_before_contract' };
    const besideAContract = isForFormerCustomers(purpose) && clock.window === undefined && isCustomer(facts);
    if (contractEnd === null || (outlivesTheContract(consent, facts, contractEnd) && !besideAContract)) {
      const needsAnEnd = isForFormerCustomers(purpose) || clock.window !== undefined || isFormerCustomer(facts);
      return needsAnEnd ? { closes: 'contract_end_unknown' } : 'passes';
    }
    // An end to come is that of the contract that runs, not of the former one.
    if (besideAContract && now < contractEnd) return { closes: 'contract_end_unknown', until: contractEnd };
    const end = clock.period === 'PT0S' ? contractEnd : addPeriod(contractEnd, clock.period);
    if (now >= end) return { closes: clock.period === 'PT0S' ? 'contract_ended' : 'period_after_contract_over' };
    const opensAt = windowFrom(clock, contractEnd);
    if (opensAt !== null && now < opensAt) return { closes: 'too_early_after_contract', until: opensAt };
    if (!clock.frozen) return { opensUntil: end };
    return now >= contractEnd || isFormerCustomer(facts)
      ? { opensUntil: end, reason: 'frozen_after_contract' }
      : { opensUntil: contractEnd };
  },
};

/** When the window of a clock opens, epoch ms; null for a clock without one. */
export const windowFrom = ({ period, window }: PurposeClock, contractEnd: number): number | null =>
  window === undefined ? null : periodBefore(addPeriod(contractEnd, period), window);

/**
 * A later contract stands, and a consent does not date from the ended one. What needs no consent goes on under it, whatever
 * was objected to and taken back before.
 */
const outlivesTheContract = (consent: Decided | null, facts: SubjectFacts, contractEnd: number): boolean =>
  (facts.contractStart ?? 0) > contractEnd && (consent === null || consent.decidedAt > contractEnd);

const isCustomer = ({ roles }: SubjectFacts): boolean => roles.some((role) => CUSTOMERS.includes(role));

/** Was a customer and is none any more, as the roles say. */
const isFormerCustomer = (facts: SubjectFacts): boolean => facts.roles.includes('ex-customer') && !isCustomer(facts);

const isForFormerCustomers = ({ roles }: Purpose): boolean =>
  roles.length > 0 && roles.every((role) => role === 'ex-customer');

/** A consent that no contract carries: given before it began, or by a person who is no customer; null otherwise. */
function withoutContract({ decidedAt, publishedReason }: Decided, facts: SubjectFacts, now: number): Verdict {
  const { contractStart = null, contractEnd = null } = facts;
  const renewed = contractStart !== null && contractEnd !== null && contractStart > contractEnd;
  const underTheEarlier = renewed && decidedAt <= contractEnd;
  if (contractEnd !== null && now >= contractEnd && (!renewed || underTheEarlier)) return null;
  if (contractStart !== null && decidedAt < contractStart && !underTheEarlier)
    return { closes: 'consent_before_contract' };
  // Of who is a customer since, and nobody said from when.
  const stillWithout = contractStart === null && publishedReason === 'no_contract';
  return isCustomer(facts) && !stillWithout ? null : { closes: 'no_contract' };
}
