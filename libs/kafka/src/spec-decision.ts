import { type ConsentDecision } from '@consent/events';

/** A decision for specs. */
export const decision = (change: Partial<ConsentDecision> = {}): ConsentDecision => ({
  decisionId: '0b7e5f4e-1111-4222-8333-444455556666',
  subjectId: '1b7e5f4e-1111-4222-8333-444455556666',
  version: 7,
  scope: { level: 'line', id: '2b7e5f4e-1111-4222-8333-444455556666' },
  purposeId: 'directory-contact-listing',
  status: 'withdrawn',
  direction: 'closing',
  permission: { allowed: false, reason: 'withdrawn', nextChangeAt: null },
  effective: true,
  cause: 'person',
  bundleId: null,
  notice: null,
  evidence: { channel: 'myproximus-web', actor: 'self', caller: 'portal', origin: null },
  decidedAt: 1_790_000_000_000,
  receivedAt: 1_790_000_000_100,
  committedAt: 1_790_000_000_120,
  catalogueVersion: '2026-11-24.000000000000',
  brand: 'proximus',
  systems: [{ systemId: 'directory-listing', applyBy: 1_790_000_030_120 }],
  attributes: {},
  endedCategories: [],
  ...change,
});
