import { addPeriod } from '../calendar.js';
import { type SubjectFacts } from '../types.js';
import { type Decided, type Rule } from './rule.js';

/**
 * What ends with the contract, or some years after it.
 * C07: the advertising consents of 7.2.3.1–7.2.3.4 end with the contract, and a new contract asks again.
 * C08: the sources of tailored offers (7.2.1.2) are frozen at contract end and usable for five years more.
 * 7.2.1.1, 7.2.2.1, 7.2.2.2, 7.2.2.4, 7.3.2, 6.3.2.6: five years after contract end (C68).
 */
export const contractClock: Rule = {
  name: 'contract-clock',
  decisions: ['C07', 'C08', 'C68'],
  judge: ({ purpose, decided, facts, now }) => {
    const clock = purpose.clocks.find((c) => c.from === 'contract-end');
    if (clock === undefined) return null;
    const contractEnd = facts.contractEnd ?? null;
    if (contractEnd === null || outlivesTheContract(decided, facts, contractEnd)) return 'passes';
    const end = clock.period === 'PT0S' ? contractEnd : addPeriod(contractEnd, clock.period);
    if (now >= end) return { closes: clock.period === 'PT0S' ? 'contract_ended' : 'period_after_contract_over' };
    if (!clock.frozen) return { opensUntil: end };
    return now >= contractEnd ? { opensUntil: end, reason: 'frozen_after_contract' } : { opensUntil: contractEnd };
  },
};

/** A later contract stands, and what the person decided does not date from the ended one. */
function outlivesTheContract(decided: Decided | null, facts: SubjectFacts, contractEnd: number): boolean {
  const renewed = (facts.contractStart ?? 0) > contractEnd;
  return renewed && (decided === null || decided.decidedAt > contractEnd);
}
