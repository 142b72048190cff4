import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aDecision, someFacts, specApp, type SpecApp } from '../spec-app.js';

describe('may a person be contacted', () => {
  let app: SpecApp;
  const subjectId = randomUUID();
  const [called, free, address] = [randomUUID(), randomUUID(), randomUUID()];
  beforeAll(async () => {
    app = await specApp();
    const scopes = [called, free].map((id) => ({ level: 'contact_point', id, kind: 'phone' }));
    await app.call('PUT', `/v1/subjects/${subjectId}/facts`, { body: someFacts({ scopes }) });
    const scope = { level: 'contact_point', id: called };
    const body = aDecision({ subjectId, scope, purposeId: 'contact-by-phone', status: 'objected' });
    expect((await app.call('POST', '/v1/decisions', { body })).status).toBe(201);
  }, 30_000);
  afterAll(() => app.close());

  const ask = (query: string) =>
    app.call<{ allowed: boolean; reason: string; sentence: { en: string } }[]>(
      'GET',
      `/v1/subjects/${subjectId}/permissions?purpose=customer-direct-marketing${query}`,
    );

  it('only where purpose and channel on that contact point are both open (C18)', async () => {
    expect((await ask('')).body).toMatchObject([{ allowed: true }]);
    expect((await ask(`&contactPoint=${called}&channel=contact-by-phone`)).body).toMatchObject([
      { allowed: false, reason: 'channel_closed', sentence: { en: expect.any(String) as unknown } },
    ]);
    expect((await ask(`&contactPoint=${called}&channel=contact-by-sms`)).body).toMatchObject([{ allowed: true }]);
    expect((await ask(`&contactPoint=${free}&channel=contact-by-phone`)).body).toMatchObject([{ allowed: true }]);
  });

  it('not on a contact point that is somebody else’s, nor on one that the channel does not reach', async () => {
    for (const query of [
      `&contactPoint=${randomUUID()}&channel=contact-by-phone`,
      `&contactPoint=${free}&channel=contact-by-email`,
    ])
      expect((await ask(query)).body).toMatchObject([{ allowed: false, reason: 'channel_closed' }]);
  });

  it('is asked with contact point and channel together, and with a channel that is one', async () => {
    expect((await ask(`&contactPoint=${free}`)).status).toBe(400);
    const answer = await ask(`&contactPoint=${free}&channel=customer-newsletter`);
    expect(answer).toMatchObject({ status: 422, body: { type: 'urn:consent:problem:channel-unknown' } });
    expect(answer.text).toContain('contact-by-sms');
  });

  it('and with which data: a category that a gate bars is not allowed, until what it needs is granted (C76, C77)', async () => {
    const segmentation = async (category: string) => {
      const path = `/v1/subjects/${subjectId}/permissions?purpose=customer-base-segmentation&category=${category}`;
      const { status, body } = await app.call<{ allowed: boolean; reason: string }[]>('GET', path);
      return status === 200 ? body[0] : status;
    };
    const barred = { allowed: false, reason: 'category_barred' };
    expect(await segmentation('collected:loyalty-programme-data')).toMatchObject({ allowed: true });
    expect(await segmentation('derived:bad-payer-info')).toMatchObject(barred);
    expect(await segmentation('derived:traffic-interests')).toMatchObject(barred);
    const account = { level: 'account', id: randomUUID() };
    const yes = aDecision({ subjectId, scope: account, purposeId: 'tailored-offers-web-app-usage', status: 'given' });
    expect((await app.call('POST', '/v1/decisions', { body: yes })).status).toBe(201);
    expect(await segmentation('derived:traffic-interests')).toMatchObject({ allowed: true });
    expect(await segmentation('derived:bad-payer-info')).toMatchObject(barred);
    expect(await segmentation('Everything')).toBe(400);
  });

  it('and not with data of a kind that the purpose does not use, nor with a kind that nobody knows (C48)', async () => {
    const may = (category: string) =>
      app.call<{ allowed: boolean; reason: string }[]>(
        'GET',
        `/v1/subjects/${subjectId}/permissions?purpose=customer-direct-marketing&category=${category}`,
      );
    expect((await may('collected:national-register-number')).body).toMatchObject([
      { allowed: false, reason: 'category_not_processed', sentence: { en: expect.any(String) as unknown } },
    ]);
    expect((await may('collected:identification-contact')).body).toMatchObject([{ allowed: true }]);
    for (const typo of ['derived:bad-payer', 'observed:traffic-data', 'everything']) {
      const answer = await may(typo);
      expect(answer).toMatchObject({ status: 422, body: { type: 'urn:consent:problem:category-unknown' } });
      expect(answer.text).toContain('derived:bad-payer-info');
    }
    const { status, text } = await may('no%20category');
    expect(status).toBe(400);
    expect(text).toContain('expected a category such as');
    expect(text).not.toContain('expected expected');
  });

  it('through no channel that the purpose does not use: group companies call (C51), a newsletter is no call (C19)', async () => {
    const scopes = [
      { level: 'contact_point', id: free, kind: 'phone' },
      { level: 'contact_point', id: address, kind: 'email' },
    ];
    await app.call('PUT', `/v1/subjects/${subjectId}/facts`, { body: someFacts({ scopes }) });
    const may = async (purpose: string, channel: string, contactPoint: string) => {
      const query = `purpose=${purpose}&channel=${channel}&contactPoint=${contactPoint}`;
      const { body } = await app.call<{ reason: string }[]>('GET', `/v1/subjects/${subjectId}/permissions?${query}`);
      return body.map(({ reason }) => reason);
    };
    expect(await may('group-affiliate-phone-marketing', 'contact-by-phone', free)).toEqual(['open_by_default']);
    expect(await may('group-affiliate-phone-marketing', 'contact-by-email', address)).toEqual(['channel_not_covered']);
    expect(await may('customer-newsletter', 'contact-by-email', address)).toEqual(['open_by_default']);
    expect(await may('customer-newsletter', 'contact-by-phone', free)).toEqual(['channel_not_covered']);
    expect(await may('contact-by-email', 'contact-by-email', address)).toEqual(['open_by_default']);
  });
});

describe('may I, in one scope', () => {
  let app: SpecApp;
  const [subjectId, other] = [randomUUID(), randomUUID()];
  const [phone, tablet, account, number, foreign] = [
    randomUUID(),
    randomUUID(),
    randomUUID(),
    randomUUID(),
    randomUUID(),
  ];
  const THIRD_PARTY_COOKIES = 'third-party-advertising-cookies';
  beforeAll(async () => {
    app = await specApp();
    const devices = [phone, tablet].map((id) => ({ level: 'device', id }));
    const scopes = [
      ...devices,
      { level: 'account', id: account },
      { level: 'contact_point', id: number, kind: 'phone' },
    ];
    await app.call('PUT', `/v1/subjects/${subjectId}/facts`, { body: someFacts({ scopes }) });
    const theirs = someFacts({ scopes: [{ level: 'device', id: foreign }] });
    await app.call('PUT', `/v1/subjects/${other}/facts`, { body: theirs });
    const says = async (purposeId: string, status: string, scope?: object) => {
      const body = aDecision({ subjectId, purposeId, status, ...(scope && { scope }) });
      expect((await app.call('POST', '/v1/decisions', { body })).status).toBe(201);
    };
    for (const id of [THIRD_PARTY_COOKIES, 'advertising-cookies']) {
      await says(id, 'given', { level: 'device', id: phone });
      await says(id, 'refused', { level: 'device', id: tablet });
    }
    await says('web-app-targeted-advertising', 'given');
    await says('ads-data-targeted-advertising', 'given');
  }, 30_000);
  afterAll(() => app.close());

  const ask = (query: string) =>
    app.call<{ purposeId: string; scope: { id: string }; allowed: boolean; reason: string }[]>(
      'GET',
      `/v1/subjects/${subjectId}/permissions?${query}`,
    );

  it('judges web advertising by the cookies of the device that is asked about, and by no other (C62)', async () => {
    const purpose = 'purpose=web-app-targeted-advertising';
    expect((await ask(purpose)).body).toMatchObject([{ allowed: true }]);
    expect((await ask(`${purpose}&scope=${phone}`)).body).toMatchObject([{ allowed: true, reason: 'given' }]);
    expect((await ask(`${purpose}&scope=${tablet}`)).body).toMatchObject([
      { allowed: false, reason: 'prerequisite_closed' },
    ]);
  });

  it('takes cookie data by the device that is asked about (C14)', async () => {
    const query = 'purpose=ads-data-targeted-advertising&category=observed:cookie-and-tracker-data';
    expect((await ask(`${query}&scope=${phone}`)).body).toMatchObject([{ allowed: true }]);
    expect((await ask(`${query}&scope=${tablet}`)).body).toMatchObject([{ allowed: false, reason: 'category_barred' }]);
  });

  it('answers a purpose of the scope’s level for that scope alone', async () => {
    const { body } = await ask(`purpose=${THIRD_PARTY_COOKIES}&scope=${tablet}`);
    expect(body).toMatchObject([{ scope: { id: tablet }, allowed: false, reason: 'refused' }]);
  });

  it.each([
    ['that nobody has', randomUUID()],
    ['of another person, without telling whose it is', foreign],
  ])('refuses a scope %s', async (_, scope) => {
    for (const query of [`scope=${scope}`, `purpose=customer-newsletter&scope=${scope}`]) {
      const answer = await ask(query);
      expect(answer).toMatchObject({ status: 404, body: { type: 'urn:consent:problem:scope-unknown' } });
      expect(answer.text).toContain(account);
      expect(answer.text).not.toContain(other);
    }
  });

  it.each([
    ['customer-newsletter', () => phone, 'person'],
    ['customer-newsletter', () => account, 'person'],
    ['web-app-targeted-advertising', () => number, 'person or device or account or line'],
    ['pickx-personalised-tv-ads', () => subjectId, 'account'],
  ])(
    'refuses for %s a scope of a level that has no bearing on it, and says which has',
    async (purpose, scope, levels) => {
      const answer = await ask(`purpose=${purpose}&scope=${scope()}`);
      expect(answer).toMatchObject({ status: 422, body: { type: 'urn:consent:problem:scope-level-mismatch' } });
      expect(answer.text).toContain(`judged per ${levels}`);
    },
  );

  it('refuses a contact point that the channel does not reach, and says which it reaches', async () => {
    const answer = await ask(`purpose=contact-by-email&scope=${number}`);
    expect(answer).toMatchObject({ status: 422, body: { type: 'urn:consent:problem:scope-not-reached' } });
    expect(answer.text).toContain('kind email');
  });

  it.each([
    ['a device that a purpose of the person stands on', 'web-app-targeted-advertising', () => phone],
    ['another device', 'web-app-targeted-advertising', () => tablet],
    ['a scope of the purpose itself', THIRD_PARTY_COOKIES, () => tablet],
    ['a level without a bearing', 'customer-newsletter', () => phone],
    ['a level of others', 'web-app-targeted-advertising', () => number],
    ['an account whose brand may close a purpose of the person', 'web-app-targeted-advertising', () => account],
    ['a contact point that is not reached', 'contact-by-email', () => number],
    ['a scope of another person', 'customer-newsletter', () => foreign],
  ])('is answered by why as by may I: %s', async (_, purpose, scope) => {
    const query = `purpose=${purpose}&scope=${scope()}`;
    const [may, why] = [await ask(query), await app.call('GET', `/v1/subjects/${subjectId}/why?${query}`)];
    expect(why.status).toBe(may.status);
    const { type, detail } = may.body as { type?: string; detail?: string };
    if (may.status !== 200) expect(why.body).toMatchObject({ type, detail });
    else {
      const [answer] = may.body;
      expect(why.body).toMatchObject({ scope: answer?.scope, allowed: answer?.allowed, reason: answer?.reason });
    }
  });

  it('and why tells of the cookies of that device alone (C62)', async () => {
    const query = `purpose=web-app-targeted-advertising&scope=${tablet}`;
    const { text, body } = await app.call('GET', `/v1/subjects/${subjectId}/why?${query}`);
    expect(body).toMatchObject({ allowed: false, reason: 'prerequisite_closed', scope: { id: subjectId } });
    expect(text).toContain(tablet);
    expect(text).not.toContain(phone);
  });

  it('leaves out of all purposes those on which the scope has no bearing', async () => {
    const { body } = await ask(`scope=${tablet}`);
    const asked = body.map(({ purposeId }) => purposeId);
    expect(asked).toEqual(expect.arrayContaining([THIRD_PARTY_COOKIES, 'web-app-targeted-advertising']));
    expect(asked).not.toContain('customer-newsletter');
    expect((await ask(`scope=${subjectId}`)).body.map(({ purposeId }) => purposeId)).toContain('customer-newsletter');
  });
});

describe('may I, as seen from an account of a brand', () => {
  let app: SpecApp;
  const EXCLUDE_SCARLET = [
    'group-affiliate-phone-marketing',
    'loyalty-programme-participation',
    'loyalty-programme-communications',
    'ads-data-targeted-advertising',
    'web-app-targeted-advertising',
  ];
  beforeAll(async () => {
    app = await specApp();
  }, 30_000);
  afterAll(() => app.close());

  interface Told {
    purposeId: string;
    scope: { id: string };
    allowed: boolean;
    reason: string;
  }
  /** A person of the brand who agreed to advertising, with an account of each brand, and one that has ended. */
  const someone = async (brand: string) => {
    const subjectId = randomUUID();
    const accounts = { proximus: randomUUID(), scarlet: randomUUID(), vikings: randomUUID(), ended: randomUUID() };
    const { ended, ...held } = accounts;
    const device = { level: 'device', id: randomUUID() };
    const scopes = [
      ...Object.entries(held).map(([brand, id]) => ({ level: 'account', id, brand })),
      { level: 'account', id: ended, brand: 'proximus', validUntil: '2026-01-01T00:00:00Z' },
      device,
    ];
    await app.call('PUT', `/v1/subjects/${subjectId}/facts`, { body: someFacts({ brand, scopes }) });
    for (const over of [
      { purposeId: 'third-party-advertising-cookies', scope: device },
      { purposeId: 'ads-data-targeted-advertising' },
      { purposeId: 'web-app-targeted-advertising' },
    ])
      expect((await app.call('POST', '/v1/decisions', { body: aDecision({ subjectId, ...over }) })).status).toBe(201);
    const may = async (purpose: string, scope: string) => {
      const query = `purpose=${purpose}&scope=${scope}`;
      const answer = await app.call<Told[]>('GET', `/v1/subjects/${subjectId}/permissions?${query}`);
      expect(answer).toMatchObject({ status: 200, body: [{ scope: { id: subjectId } }] });
      const [told] = answer.body;
      const why = await app.call('GET', `/v1/subjects/${subjectId}/why?${query}`);
      expect(why.body).toMatchObject({ scope: told?.scope, allowed: told?.allowed, reason: told?.reason });
      return told?.allowed ? 'open' : told?.reason;
    };
    return { subjectId, accounts, may };
  };

  it('closes loyalty, 7.2.3 and group sharing to a Scarlet account and to no Proximus account, whoever holds it (C41, C87)', async () => {
    for (const brand of ['proximus', 'scarlet']) {
      const { accounts, may } = await someone(brand);
      for (const purpose of EXCLUDE_SCARLET) {
        expect([purpose, await may(purpose, accounts.scarlet)]).toEqual([purpose, 'brand_excluded']);
        expect([purpose, await may(purpose, accounts.proximus)]).toEqual([purpose, 'open']);
      }
    }
  }, 30_000);

  it('opens nothing by an account that is no longer the person’s', async () => {
    const { accounts, may } = await someone('scarlet');
    expect(await may('ads-data-targeted-advertising', accounts.ended)).toBe('scope_ended');
  });

  it('closes to an account of a brand that the statement does not name whatever is decided for the person (C40)', async () => {
    const { accounts, may } = await someone('proximus');
    for (const purpose of ['customer-newsletter', 'ads-data-targeted-advertising'])
      expect(await may(purpose, accounts.vikings)).toBe('brand_unknown');
  });

  it('is among the answers for all purposes, and writes nothing in the ledger', async () => {
    const { subjectId, accounts } = await someone('proximus');
    const history = async () =>
      (await app.call<{ cause: string }[]>('GET', `/v1/subjects/${subjectId}/decisions`)).body;
    const before = await history();
    const { body } = await app.call<Told[]>('GET', `/v1/subjects/${subjectId}/permissions?scope=${accounts.scarlet}`);
    const excluded = body.filter(({ reason }) => reason === 'brand_excluded').map(({ purposeId }) => purposeId);
    expect(excluded).toEqual(expect.arrayContaining(EXCLUDE_SCARLET));
    expect(await history()).toEqual(before);
    const decided = before.filter(({ cause }) => cause === 'person');
    expect(decided).toMatchObject([{}, { permission: { allowed: true } }, { permission: { allowed: true } }]);
  });
});
