import { type Rule } from './rule.js';

/**
 * Sections 7.2.2.5 and 7.2.3.1–7.2.3.4 exclude Scarlet customers, 5.3 by inference (C87); the rest covers Scarlet, and
 * no other brand is named (C40). The brand is that of the account where there is one (C41).
 */
export const brandGate: Rule = {
  name: 'brand-gate',
  decisions: ['C40', 'C41', 'C87'],
  judge: ({ purpose, facts }) => {
    if (facts.brand === null) return { closes: 'brand_unknown' };
    if (purpose.excludedBrands.includes(facts.brand)) return { closes: 'brand_excluded' };
    return purpose.brands.includes(facts.brand) ? 'passes' : { closes: 'brand_unknown' };
  },
};
