import { describe, expect, it } from '@jest/globals';
import { categoryPermission } from '../category-permission.js';
import { coversChannel } from '../contact-permission.js';
import { permission } from '../permission.js';
import { realCatalogue as catalogue } from '../spec-catalogue.js';
import { facts, history, NOW, openPrerequisites } from '../test-fixtures.js';
import { type DecideCommand, type Purpose } from '../types.js';

const of = (id: string): Purpose => {
  const found = catalogue.purposes.get(id);
  if (found === undefined) throw new Error(`no purpose ${id}`);
  return found;
};
const purposes = [...catalogue.purposes.values()];
const PROFILE = 'derived:preference-profile';
const channelsOf = (purpose: Purpose): string[] =>
  purposes.filter(({ id, contactKind }) => contactKind !== null && coversChannel(purpose, id)).map(({ id }) => id);
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
  it('C09: former customers are asked for three years more in the last six months of the five after their contract', () => {
    expect(of('ex-customer-consent-campaign').clocks).toMatchObject([
      { from: 'contract-end', period: 'P5Y', window: 'P6M' },
    ]);
    expect(of('ex-customer-extended-marketing').clocks).toMatchObject([{ from: 'consent', period: 'P3Y' }]);
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
  it('C18, C19: each channel is a purpose of its own, refused for one contact point and for all purposes; a newsletter has e-mail alone', () => {
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
    for (const id of ['customer-newsletter', 'prospect-newsletter'])
      expect(channelsOf(of(id))).toEqual(['contact-by-email']);
  });
  it('C19: an unsubscribe link ends the newsletters, and all e-mail to the one address', () => {
    expect(catalogue.bundles.get('email-unsubscribe')).toMatchObject({
      inOneScopeAt: 'contact_point',
      purposes: ['prospect-newsletter', 'customer-newsletter', 'contact-by-email'],
    });
  });
  it('C51: group companies may call, and no other channel is theirs', () => {
    expect(channelsOf(of('group-affiliate-phone-marketing'))).toEqual(['contact-by-phone']);
  });
  it('C19, C51: only marketing and invitations approach people through a contact channel, and each channel reaches for itself', () => {
    const approaching = purposes.filter((p) => p.contactKind === null && channelsOf(p).length > 0);
    for (const p of approaching) expect(p.ownMarketing || p.id === 'market-research-invitations').toBe(true);
    expect(approaching).toHaveLength(14);
    for (const p of purposes.filter(({ contactKind }) => contactKind !== null)) expect(channelsOf(p)).toEqual([p.id]);
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
  it('C37: a yes about one profile of an account is ended by a withdrawal on the account, and nothing stays open per profile', () => {
    const perAccount = purposes.filter((p) => p.section.startsWith('7.2.3') && p.scopeLevel === 'account');
    expect(perAccount.map(({ section }) => section)).toEqual(['7.2.3.1', '7.2.3.4']);
    const scope = { level: 'account', id: 'a-1' } as const;
    for (const p of perAccount) {
      const yes = { scope, status: 'given', decidedAt: NOW - 2, attributes: { profile: 'one' } } as const;
      const other = { ...yes, decidedAt: NOW - 1, attributes: { profile: 'two' } };
      const may = (...steps: Partial<DecideCommand>[]) =>
        permission(p, history(steps, { ...p, systems: [] }).state, facts(), NOW, openPrerequisites);
      expect(may(yes, other)).toMatchObject({ allowed: true, reason: 'given' });
      expect(may(yes, other, { scope, status: 'withdrawn' })).toMatchObject({ allowed: false, reason: 'withdrawn' });
      // A no about one profile reaches the others too: the account has one permission.
      expect(may(yes, other, { scope, status: 'withdrawn', attributes: { profile: 'two' } }).allowed).toBe(false);
    }
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
  it('C76: whatever reads the preference profile without consent reads each consented part under its own consent alone', () => {
    const consentOf = {
      'derived:traffic-interests': 'tailored-offers-web-app-usage',
      'derived:service-usage-interests': 'tailored-offers-service-usage',
    };
    const readers = purposes.filter(
      (p) => p.choiceModel !== 'opt-in' && p.dataCategories.concat(p.dataCategoriesOutsideTable).includes(PROFILE),
    );
    expect(readers.map(({ id }) => id)).toEqual([
      'customer-base-segmentation',
      'market-insights-analytics',
      'customer-direct-marketing',
      'online-audience-promotion',
      'pickx-own-promotion',
      'pickx-content-recommendations',
      'ex-customer-winback',
    ]);
    for (const [part, consent] of Object.entries(consentOf)) {
      for (const { id } of readers) {
        expect([id, part, categoryPermission(of(id), part, (asked) => asked !== consent).usable]).toEqual([
          id,
          part,
          false,
        ]);
        expect([id, part, usable(id, part, consent)]).toEqual([id, part, true]);
      }
      const others = purposes.filter((p) => !readers.includes(p) && p.id !== consent);
      for (const p of others) expect([p.id, categoryPermission(p, part, () => true).usable]).toEqual([p.id, false]);
      expect(usable(consent, part)).toBe(true);
    }
  });
  it('C77: marks of unpaid bills are usable for the assessment of orders and for collection alone', () => {
    const all = () => true;
    const users = purposes.filter((p) => categoryPermission(p, 'derived:bad-payer-info', all).usable);
    expect(users.map(({ id }) => id)).toEqual(['new-order-risk-assessment', 'debt-collection']);
    for (const p of purposes.filter((one) => !users.includes(one)))
      expect(categoryPermission(p, 'derived:bad-payer-info', all)).toMatchObject({
        reason: 'category_barred',
        decision: 'C77',
        needsGrantOf: [],
      });
  });
  it('C48: a purpose uses the kinds of data that its section names, in its table or its text, and no others', () => {
    for (const p of purposes) {
      const named = new Set([...p.dataCategories, ...p.dataCategoriesOutsideTable]);
      const opened = new Set(p.categoryGates.filter((g) => g.needsGrantOf.length > 0).map(({ category }) => category));
      for (const category of catalogue.dataCategories.keys())
        if (!named.has(category) && !opened.has(category) && category.includes(':'))
          expect([p.id, category, categoryPermission(p, category, () => true).usable]).toEqual([p.id, category, false]);
    }
    expect(categoryPermission(of('customer-newsletter'), 'observed:tv-viewing-data', () => true)).toMatchObject({
      reason: 'category_not_processed',
      decision: 'C48',
    });
    expect(usable('customer-newsletter', 'collected:identification-contact')).toBe(true);
    expect(usable('office-visitor-management', 'collected:professional-info')).toBe(true);
  });
  it('C48: no kind of data that the catalogue does not have is usable for anything, a misspelt one neither', () => {
    for (const p of purposes)
      for (const category of ['derived:bad-payer', 'observed:traffic-data', 'collected:weather'])
        expect(categoryPermission(p, category, () => true).usable).toBe(false);
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
      (p) => categoryPermission(p, 'collected:court-administration', () => true).usable,
    );
    expect(users.map(({ id }) => id)).toEqual(['new-order-risk-assessment']);
  });
  it('C86: market studies on Pickx concern none of the five systems and grant no profile', () => {
    expect(of('pickx-market-studies')).toMatchObject({ choiceModel: 'objection-motivated', systems: [] });
  });
});
