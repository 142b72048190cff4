import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aDecision, someFacts, specApp, type SpecApp } from '../spec-app.js';

describe('may a person be contacted', () => {
  let app: SpecApp;
  const subjectId = randomUUID();
  const [called, free] = [randomUUID(), randomUUID()];
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
    expect(await segmentation('collected:weather')).toMatchObject({ allowed: true });
    expect(await segmentation('derived:bad-payer-info')).toMatchObject(barred);
    expect(await segmentation('derived:traffic-interests')).toMatchObject(barred);
    const account = { level: 'account', id: randomUUID() };
    const yes = aDecision({ subjectId, scope: account, purposeId: 'tailored-offers-web-app-usage', status: 'given' });
    expect((await app.call('POST', '/v1/decisions', { body: yes })).status).toBe(201);
    expect(await segmentation('derived:traffic-interests')).toMatchObject({ allowed: true });
    expect(await segmentation('derived:bad-payer-info')).toMatchObject(barred);
    expect(await segmentation('everything')).toBe(400);
  });
});
