import { describe, expect, it } from '@jest/globals';
import { categoryPermission } from '../category-permission.js';
import { COURT_ADMINISTRATION } from '../court-administration.js';
import { realCatalogue as catalogue } from '../spec-catalogue.js';
import { type Purpose } from '../types.js';

const of = (id: string): Purpose => {
  const found = catalogue.purposes.get(id);
  if (found === undefined) throw new Error(`no purpose ${id}`);
  return found;
};
const modelOf = (...ids: string[]) => [...new Set(ids.map((id) => of(id).choiceModel))];
const usable = (id: string, category: string, ...granted: string[]) =>
  categoryPermission(of(id), category, (asked) => granted.includes(asked)).usable;

describe('the catalogue carries out the decisions on the statement:', () => {
  it('C01: each system has a deadline in seconds for closings, and openings an order slower', () => {
    for (const { closingMs, openingMs } of catalogue.systems.values()) {
      expect(closingMs).toBeLessThanOrEqual(60_000);
      expect(openingMs).toBeGreaterThanOrEqual(10 * closingMs);
    }
  });
  it('C14: refused cookies take site and app data out of 7.2.3.2 and leave its consent alone', () => {
    expect(of('ads-data-targeted-advertising').dependsOn).toEqual([]);
    expect(usable('ads-data-targeted-advertising', 'observed:cookie-and-tracker-data')).toBe(false);
    expect(usable('ads-data-targeted-advertising', 'observed:cookie-and-tracker-data', 'advertising-cookies')).toBe(
      true,
    );
  });
  it('C15: on Pickx the advertising of third parties needs a yes, own promotion and recommendations take a no', () => {
    expect(modelOf('pickx-personalised-tv-ads', 'broadcaster-targeted-tv-ads')).toEqual(['opt-in']);
    expect(modelOf('pickx-own-promotion', 'pickx-content-recommendations')).toEqual(['opt-out']);
  });
  it('C16: three refusals on Pickx are three purposes, tailored promotion stands on promotion at all, one action closes all', () => {
    expect(of('pickx-own-promotion').dependsOn).toEqual(['pickx-on-screen-promotion']);
    expect(of('pickx-content-recommendations').dependsOn).toEqual([]);
    expect(catalogue.bundles.get('tv-menu-no-promotion')?.purposes).toEqual([
      'pickx-on-screen-promotion',
      'pickx-own-promotion',
      'pickx-content-recommendations',
    ]);
  });
  it('C18, C19: each channel is a purpose of its own, refused for one contact point and for all purposes', () => {
    const channels = [...catalogue.purposes.values()].filter(({ contactKind }) => contactKind !== null);
    expect(channels.map(({ id }) => id)).toEqual([
      'contact-by-phone',
      'contact-by-sms',
      'contact-by-email',
      'contact-by-post',
      'contact-by-app-push',
    ]);
    for (const channel of channels)
      expect(channel).toMatchObject({ choiceModel: 'opt-out', scopeLevel: 'contact_point', ownMarketing: true });
  });
  it('C20: STOP by SMS is a route of marketing alone; carrier billing takes its objection elsewhere, and its STOP ends a contract', () => {
    const stopped = [...catalogue.purposes.values()].filter(({ channels }) => channels.includes('sms-stop'));
    expect(stopped.map(({ id }) => id)).toContain('contact-by-sms');
    for (const purpose of stopped) expect(purpose.ownMarketing).toBe(true);
    expect(of('direct-carrier-billing')).toMatchObject({ ownMarketing: false, channels: ['email-dpo', 'letter-dpo'] });
  });
  it('C23: the two groups of sources of tailored offers are consented to apart', () => {
    expect(modelOf('tailored-offers-web-app-usage', 'tailored-offers-service-usage')).toEqual(['opt-in']);
    expect(of('tailored-offers-web-app-usage').dependsOn).not.toContain('tailored-offers-service-usage');
  });
  it('C25: market insights take a no, read only people who are segmented, and no consented data without that consent', () => {
    expect(of('market-insights-analytics')).toMatchObject({
      choiceModel: 'opt-out',
      dependsOn: ['customer-base-segmentation'],
    });
    expect(usable('market-insights-analytics', 'derived:traffic-interests')).toBe(false);
    expect(usable('market-insights-analytics', 'derived:traffic-interests', 'tailored-offers-web-app-usage')).toBe(
      true,
    );
  });
  it('C27: both listings in directories are consents, and nobody is listed by default', () => {
    for (const id of ['directory-contact-listing', 'directory-profession-listing'])
      expect(of(id)).toMatchObject({ choiceModel: 'opt-in', defaultAllowed: false });
  });
  it('C29, C33, C34: fraud detection, carrier billing and verification services stop for a reasoned objection only', () => {
    expect(modelOf('telecom-fraud-detection', 'direct-carrier-billing', 'third-party-verification-services')).toEqual([
      'objection-motivated',
    ]);
  });
  it('C30, C31: group sharing and both loyalty purposes take a no without reasons', () => {
    const ids = [
      'group-affiliate-phone-marketing',
      'loyalty-programme-participation',
      'loyalty-programme-communications',
    ];
    expect(modelOf(...ids)).toEqual(['opt-out']);
  });
  it('C32: personal messages after login and offers after login are two purposes of the device', () => {
    expect(of('website-login-personalisation')).toMatchObject({ choiceModel: 'opt-out', scopeLevel: 'device' });
    expect(of('website-login-offers')).toMatchObject({ choiceModel: 'opt-in', scopeLevel: 'device' });
  });
  it('C35, C37: tailored offers and television advertising are decided per account', () => {
    for (const id of ['tailored-offers-web-app-usage', 'pickx-personalised-tv-ads', 'broadcaster-targeted-tv-ads'])
      expect(of(id).scopeLevel).toBe('account');
  });
  it('C47: Family Life content and location enter no advertising', () => {
    for (const category of ['collected:family-life-data', 'observed:app-location-data'])
      for (const p of [...catalogue.purposes.values()].filter(({ section }) => section.startsWith('7.2.3')))
        expect(categoryPermission(p, category, () => true)).toMatchObject({ usable: false, decision: 'C47' });
  });
  it('C62: web and app advertising stands on the cookies of third parties', () => {
    expect(of('web-app-targeted-advertising').dependsOn).toEqual(['third-party-advertising-cookies']);
  });
  it('C63: which television advertisements were seen is usable under that consent alone, and losing it ends nothing else', () => {
    for (const id of ['web-app-targeted-advertising', 'broadcaster-targeted-tv-ads']) {
      expect(usable(id, 'observed:tv-ads-seen')).toBe(false);
      expect(usable(id, 'observed:tv-ads-seen', 'pickx-personalised-tv-ads')).toBe(true);
      expect(of(id).dependsOn).not.toContain('pickx-personalised-tv-ads');
    }
  });
  it('C75: promotion uses viewing data only under its consent, recommendations until objection', () => {
    for (const id of ['pickx-own-promotion', 'pickx-promotion-group-products']) {
      expect(usable(id, 'observed:tv-viewing-data')).toBe(false);
      expect(usable(id, 'observed:tv-viewing-data', 'tailored-offers-service-usage')).toBe(true);
    }
    expect(usable('pickx-content-recommendations', 'observed:tv-viewing-data')).toBe(true);
  });
  it('C76: what rests on a legitimate interest reads consented parts of the profile under their consent alone', () => {
    for (const id of ['customer-base-segmentation', 'customer-direct-marketing', 'ex-customer-winback']) {
      expect(usable(id, 'derived:service-usage-interests', 'tailored-offers-web-app-usage')).toBe(false);
      expect(usable(id, 'derived:service-usage-interests', 'tailored-offers-service-usage')).toBe(true);
    }
  });
  it('C79: every purpose of the five systems that profiles for marketing or exports bars sensitive topics', () => {
    const profiling = [...catalogue.purposes.values()].filter((p) => p.profiling && p.systems.length > 0);
    expect(profiling.length).toBeGreaterThan(15);
    for (const p of profiling) expect(categoryPermission(p, 'derived:sensitive-topics', () => true).usable).toBe(false);
  });
  it('C83: nobody can object to the search for missing persons', () => {
    expect(modelOf('missing-persons-vital-interest')).toEqual(['none']);
  });
  it('C85: own advertising cookies and those of third parties are two consents, and partner access needs both', () => {
    expect(of('advertising-cookies').dependsOn).toEqual([]);
    expect(of('third-party-advertising-cookies').dependsOn).toEqual([]);
    expect(of('cookie-data-partner-sharing').dependsOn).toEqual([
      'advertising-cookies',
      'third-party-advertising-cookies',
    ]);
  });
  it('C89: that a court placed someone under administration is usable for the assessment of orders alone', () => {
    const users = [...catalogue.purposes.values()].filter(
      (p) => categoryPermission(p, COURT_ADMINISTRATION, () => true).usable,
    );
    expect(users.map(({ id }) => id)).toEqual(['new-order-risk-assessment']);
  });
  it('C86: market studies on Pickx concern none of the five systems and grant no profile', () => {
    expect(of('pickx-market-studies')).toMatchObject({ choiceModel: 'objection-motivated', systems: [] });
  });
});
