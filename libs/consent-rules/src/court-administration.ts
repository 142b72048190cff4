import { type Purpose } from './types.js';

/** The fact that a court has placed the person under administration. */
export const COURT_ADMINISTRATION = 'collected:court-administration';

/** Section 6.2.2. */
const ORDER_ASSESSMENT = 'new-order-risk-assessment';

/**
 * Section 6.2.2: an order is held for review when a court has placed the customer under administration. The fact tells who
 * is vulnerable, and the text gives it no other use: it serves the assessment of orders, and is barred from every other
 * purpose, also from those that come later, whatever the person agreed to (C89).
 */
export const isCourtAdministrationBarred = (purpose: Pick<Purpose, 'id'>, category: string): boolean =>
  category === COURT_ADMINISTRATION && purpose.id !== ORDER_ASSESSMENT;
