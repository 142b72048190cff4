import { describe, expect, it } from '@jest/globals';
import { onDecision, PURPOSES } from './on-decision.js';
import { decision } from './spec-decision.js';

const effectOf = (...told: Parameters<typeof decision>) => {
  const [effect, ...more] = onDecision(decision(...told));
  expect(more).toEqual([]);
  return effect;
};

describe('ads-data-export, systems.md section 3', () => {
  it('1. puts a person into the stream of the consent given, and takes the person out with it', () => {
    expect(effectOf('ads-data-targeted-advertising', 'opening')).toMatchObject({
      kind: 'include',
      stream: 'web-and-app',
    });
    expect(effectOf('ads-data-targeted-advertising', 'closing')).toMatchObject({
      kind: 'exclude',
      stream: 'web-and-app',
    });
  });

  it('4. closes the device on a cookie refusal, and leaves the consent as it is', () => {
    expect(effectOf('advertising-cookies', 'closing')).toMatchObject({ kind: 'close-cookies', party: 'own' });
  });

  it('7. keeps the streams apart: each consent has one of its own', () => {
    const consents = PURPOSES.filter((purpose) => !purpose.endsWith('cookies'));
    const streams = consents.map((purpose) => effectOf(purpose, 'opening'));
    expect(streams).toMatchObject([
      { stream: 'web-and-app' },
      { stream: 'agency' },
      { stream: 'television' },
      { stream: 'cookie-partners' },
    ]);
  });

  it('9. follows the permission, not the status: a yes that the brand does not allow exports nothing', () => {
    const made = decision('ads-data-targeted-advertising', 'opening');
    const scarlet = {
      ...made,
      brand: 'scarlet',
      permission: { allowed: false, reason: 'brand_excluded', nextChangeAt: null },
    };
    expect(onDecision(scarlet)).toMatchObject([{ kind: 'exclude' }]);
  });

  it('13. keeps own and third-party cookies apart', () => {
    expect(effectOf('advertising-cookies', 'opening')).toMatchObject({ kind: 'open-cookies', party: 'own' });
    expect(effectOf('third-party-advertising-cookies', 'opening')).toMatchObject({
      kind: 'open-cookies',
      party: 'third',
    });
  });

  it.each(PURPOSES)('takes a direction it does not know as a closing: %s', (purpose) => {
    const effect = onDecision({ ...decision(purpose, 'opening'), direction: 'unknown' })[0];
    expect(effect?.kind).toBe(effectOf(purpose, 'closing')?.kind);
  });

  it('refuses a purpose it has no rule for, naming those it knows', () => {
    expect(() => onDecision(decision('customer-newsletter', 'closing'))).toThrow(
      'no rule for the purpose customer-newsletter; it knows ads-data-targeted-advertising',
    );
  });
});
