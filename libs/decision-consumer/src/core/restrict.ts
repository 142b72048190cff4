import { type ConsentDecision } from '@consent/events';

/** The decision turned into the closing that its triple gets while it is parked: restrictive wins on doubt. */
export const restricted = (decision: ConsentDecision): ConsentDecision => ({
  ...decision,
  status: 'revoked',
  direction: 'closing',
  cause: 'operator',
  permission: { allowed: false, reason: 'parked', nextChangeAt: null },
});
