import { describe, expect, it } from '@jest/globals';
import { onDecision, PURPOSES } from './on-decision.js';
import { decision } from './spec-decision.js';

const effectOf = (...told: Parameters<typeof decision>) => {
  const [effect, ...more] = onDecision(decision(...told));
  expect(more).toEqual([]);
  return effect;
};

describe('pickx-ad-targeting, systems.md section 2', () => {
  it('1. builds an advertising profile on a grant, and deletes it on a withdrawal', () => {
    expect(effectOf('pickx-personalised-tv-ads', 'opening')).toMatchObject({ kind: 'build-profile' });
    expect(effectOf('pickx-personalised-tv-ads', 'closing')).toMatchObject({ kind: 'delete-profile' });
  });

  it('2. changes exactly one switch a decision: neither advertising consent moves the other', () => {
    expect(effectOf('pickx-personalised-tv-ads', 'opening')).toMatchObject({ audience: 'operator' });
    expect(effectOf('broadcaster-targeted-tv-ads', 'opening')).toMatchObject({ audience: 'broadcasters' });
  });

  it('8. follows the permission, not the status: a yes on an account that the brand excludes builds no profile', () => {
    const made = decision('pickx-personalised-tv-ads', 'opening');
    const scarlet = {
      ...made,
      brand: 'scarlet',
      permission: { allowed: false, reason: 'brand_excluded', nextChangeAt: null },
    };
    expect(onDecision(scarlet)).toMatchObject([{ kind: 'delete-profile' }]);
  });

  it('9. does the same for a choice on the TV menu and one in MyProximus', () => {
    const made = decision('broadcaster-targeted-tv-ads', 'closing');
    const onMenu = { ...made, evidence: { ...made.evidence, channel: 'tv-options-menu' } };
    expect(onDecision(onMenu)).toEqual(onDecision(made));
  });

  it('10. stops personalisation on an objection, without asking for a reason', () => {
    expect(effectOf('pickx-own-promotion', 'closing')).toMatchObject({ kind: 'stop', screenUse: 'own-promotion' });
    expect(effectOf('pickx-content-recommendations', 'closing')).toMatchObject({
      kind: 'stop',
      screenUse: 'recommendations',
    });
  });

  it('11. attaches everything to the subscriber account of the decision', () => {
    const made = decision('pickx-personalised-tv-ads', 'opening');
    expect(onDecision(made)).toMatchObject([{ accountId: made.scope.id, subjectId: made.subjectId }]);
  });

  it('13. keeps promotion on the screen, group products and recommendations apart', () => {
    expect(effectOf('pickx-on-screen-promotion', 'closing')).toMatchObject({ screenUse: 'on-screen-promotion' });
    expect(effectOf('pickx-promotion-group-products', 'closing')).toMatchObject({ screenUse: 'group-products' });
  });

  it('forgets what was chosen under a purpose once its retention has ended, whatever is allowed (C11)', () => {
    const endedAt = Date.UTC(2029, 0, 1);
    const after = (purpose: string, direction: 'opening' | 'closing', category: string) =>
      onDecision({ ...decision(purpose, direction), endedCategories: [{ category, endedAt }] }).slice(1);
    for (const direction of ['opening', 'closing'] as const) {
      for (const kind of ['derived:preference-profile', 'other-data'])
        expect(after('pickx-own-promotion', direction, kind)).toMatchObject([
          { kind: 'forget-selections', spot: 'own-promotion', chosenBefore: endedAt },
        ]);
      expect(after('pickx-personalised-tv-ads', direction, 'collected:customer-interactions')).toMatchObject([
        { kind: 'forget-selections', spot: 'third-party-advertisement' },
      ]);
    }
  });

  it.each([
    ['collected:identification-contact', 'pickx-own-promotion'],
    ['derived:segmentation-info', 'pickx-personalised-tv-ads'],
    ['a-kind-of-next-year', 'pickx-own-promotion'],
  ])('holds nothing of the kind %s by itself, so its end has no effect', (category, purpose) => {
    const ended = { ...decision(purpose, 'closing'), endedCategories: [{ category, endedAt: 1 }] };
    expect(onDecision(ended)).toHaveLength(1);
  });

  it.each(PURPOSES)('takes a direction it does not know as a closing: %s', (purpose) => {
    const effect = onDecision({ ...decision(purpose, 'opening'), direction: 'unknown' })[0];
    expect(effect?.kind).toBe(effectOf(purpose, 'closing')?.kind);
  });

  it('refuses a purpose it has no rule for, naming those it knows', () => {
    expect(() => onDecision(decision('customer-newsletter', 'closing'))).toThrow(
      'no rule for the purpose customer-newsletter; it knows pickx-personalised-tv-ads',
    );
  });
});
