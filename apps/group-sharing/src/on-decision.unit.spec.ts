import { describe, expect, it } from '@jest/globals';
import { onDecision, PURPOSES } from './on-decision.js';
import { decision } from './spec-decision.js';

const kinds = (...told: Parameters<typeof decision>) => onDecision(decision(...told)).map(({ kind }) => kind);

describe('group-sharing, systems.md section 5', () => {
  it('1. takes a customer who opts out off the list', () => {
    expect(kinds('group-affiliate-phone-marketing', 'closing')).toEqual(['stop-sharing']);
  });

  it('3. treats an opt-out alike whatever channel it came through', () => {
    const made = decision('group-affiliate-phone-marketing', 'closing');
    for (const channel of ['myproximus-web', 'proximus-plus-app', 'call-centre', 'email-dpo', 'never-heard-of'])
      expect(onDecision({ ...made, evidence: { ...made.evidence, channel } })[0]?.kind).toBe('stop-sharing');
  });

  it('4. follows the permission, not the status: a yes that the facts do not allow shares nothing', () => {
    const made = decision('group-affiliate-phone-marketing', 'opening');
    const noCustomer = { ...made, permission: { allowed: false, reason: 'not_a_customer', nextChangeAt: null } };
    expect(onDecision(noCustomer)[0]?.kind).toBe('stop-sharing');
  });

  it('6. needs no reason for an opt-out', () => {
    const made = decision('group-affiliate-phone-marketing', 'closing');
    expect(onDecision({ ...made, status: 'objected', attributes: {} })[0]?.kind).toBe('stop-sharing');
  });

  it('7. shares event contacts only while the event consent is active', () => {
    for (const purpose of ['event-participation', 'event-lead-marketing']) {
      expect(kinds(purpose, 'opening')).toEqual(['share']);
      expect(kinds(purpose, 'closing')).toEqual(['stop-sharing']);
    }
  });

  it('12. opens and closes one number on a decision about calls', () => {
    const made = decision('contact-by-phone', 'closing', { level: 'contact_point' });
    expect(onDecision(made)).toEqual([
      {
        kind: 'close-phone',
        decisionId: made.decisionId,
        subjectId: made.subjectId,
        scopeId: made.scope.id,
        purposeId: 'contact-by-phone',
        version: made.version,
      },
    ]);
    expect(kinds('contact-by-phone', 'opening')).toEqual(['open-phone']);
  });

  it.each(PURPOSES)('takes a direction it does not know as a closing: %s', (purpose) => {
    expect(onDecision({ ...decision(purpose, 'opening'), direction: 'unknown' })).toEqual(
      onDecision(decision(purpose, 'closing')).map((effect) => expect.objectContaining({ kind: effect.kind })),
    );
  });

  it('refuses a purpose it has no rule for, naming those it knows', () => {
    expect(() => onDecision(decision('customer-newsletter', 'closing'))).toThrow(
      'no rule for the purpose customer-newsletter; it knows group-affiliate-phone-marketing',
    );
  });
});
