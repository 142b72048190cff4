import { describe, expect, it } from '@jest/globals';
import { onDecision } from './on-decision.js';
import { PURPOSES } from './purposes.js';
import { decision } from './spec-decision.js';

const effectOf = (...told: Parameters<typeof decision>) => {
  const [effect, ...more] = onDecision(decision(...told));
  expect(more).toEqual([]);
  return effect;
};

describe('marketing-segmentation, systems.md section 1', () => {
  it('1. assigns a segment, and takes it away on an objection to segmentation', () => {
    expect(effectOf('customer-base-segmentation', 'opening')).toMatchObject({ kind: 'assign-segment' });
    expect(effectOf('customer-base-segmentation', 'closing')).toMatchObject({ kind: 'leave-segmentation' });
  });

  it('2. takes the person out of the audience on an objection without a reason', () => {
    const made = decision('customer-direct-marketing', 'closing');
    expect(onDecision({ ...made, status: 'objected', attributes: {} })).toMatchObject([{ kind: 'leave-audience' }]);
  });

  it('3. tags each score with the source that was granted, and nothing else', () => {
    expect(effectOf('tailored-offers-web-app-usage', 'opening')).toMatchObject({ sources: ['web-app-usage'] });
    expect(effectOf('tailored-offers-service-usage', 'opening')).toMatchObject({
      sources: ['telephony-usage', 'tv-viewing', 'device-and-wifi'],
    });
    expect(effectOf('market-research-participation', 'opening')).toMatchObject({ sources: ['survey'] });
    expect(effectOf('loyalty-programme-participation', 'opening')).toMatchObject({ sources: ['loyalty'] });
  });

  it('3. opens only the data source that the person named', () => {
    const made = decision('tailored-offers-service-usage', 'opening');
    expect(onDecision({ ...made, attributes: { dataSource: 'tv-viewing' } })).toMatchObject([
      { kind: 'start-scoring', sources: ['tv-viewing'] },
    ]);
  });

  it.each([
    ['contact-by-phone', 'phone'],
    ['contact-by-sms', 'sms'],
    ['contact-by-email', 'email'],
    ['contact-by-post', 'post'],
    ['contact-by-app-push', 'app-push'],
  ])('10. closes one channel on one contact point and no other: %s', (purpose, channel) => {
    const made = decision(purpose, 'closing', { level: 'contact_point' });
    expect(onDecision(made)).toEqual([
      {
        kind: 'close-channel',
        channel,
        decisionId: made.decisionId,
        subjectId: made.subjectId,
        scopeId: made.scope.id,
        purposeId: purpose,
        version: made.version,
      },
    ]);
  });

  it('14. recognises a visitor on the device of the decision alone', () => {
    for (const purpose of ['website-login-offers', 'website-login-personalisation', 'advertising-cookies']) {
      expect(effectOf(purpose, 'opening', { level: 'device' })).toMatchObject({ kind: 'recognise-device' });
      expect(effectOf(purpose, 'closing', { level: 'device' })).toMatchObject({ kind: 'forget-device' });
    }
  });

  it('joins and leaves the audience of every campaign purpose', () => {
    const campaigns = PURPOSES.filter((purpose) => effectOf(purpose, 'opening')?.kind === 'join-audience');
    expect(campaigns).toHaveLength(17);
    for (const purpose of campaigns) expect(effectOf(purpose, 'closing')?.kind).toBe('leave-audience');
  });

  it('knows the thirty purposes that concern marketing', () => {
    expect(new Set(PURPOSES).size).toBe(30);
  });

  it.each(PURPOSES)('takes a direction it does not know as a closing: %s', (purpose) => {
    const effect = onDecision({ ...decision(purpose, 'opening'), direction: 'unknown' })[0];
    expect(effect?.kind).toBe(effectOf(purpose, 'closing')?.kind);
  });

  it('refuses a purpose it has no rule for, naming those it knows', () => {
    expect(() => onDecision(decision('pickx-market-studies', 'closing'))).toThrow(
      'no rule for the purpose pickx-market-studies; it knows customer-base-segmentation',
    );
  });
});
