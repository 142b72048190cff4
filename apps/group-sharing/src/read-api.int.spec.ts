import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type SystemDoors, systemDoors } from '@consent/decision-consumer/kit';
import { handler } from './handler.js';
import { migrations } from './migrations.js';
import { ReadApi } from './read-api.js';
import { decision } from './spec-decision.js';

describe('the doors of group-sharing', () => {
  let doors: SystemDoors;
  beforeAll(async () => {
    doors = await systemDoors(handler(), migrations, { controllers: [ReadApi] });
  });
  afterAll(() => doors?.close());

  const decide = (...told: Parameters<typeof decision>) => doors.decide(decision(...told));

  it('delivers to an affiliate, shows what was delivered, and what the affiliate must be told after an opt-out', async () => {
    const subjectId = randomUUID();
    const phone = randomUUID();
    const of = { subjectId, scopeId: subjectId };
    await decide('group-affiliate-phone-marketing', 'opening', of);
    await decide('contact-by-phone', 'opening', { subjectId, scopeId: phone, version: 2 });
    const made = await doors.post('/v1/deliveries', {
      affiliate: 'group-company-a',
      purposeId: 'group-affiliate-phone-marketing',
      channel: 'phone',
    });
    expect(made).toMatchObject({ status: 201, body: { contacts: 1 } });
    const delivery = await doors.get(`/v1/deliveries/${String(made.body['deliveryId'])}`);
    expect(delivery.body).toMatchObject({
      contacts: [{ subjectId, contactPointId: phone, version: 1, stopped: false }],
      nextAfter: null,
    });
    const { decisionId } = await decide('group-affiliate-phone-marketing', 'closing', { ...of, version: 3 });
    expect((await doors.get(`/v1/subjects/${subjectId}/stop-messages`)).body).toMatchObject([
      { affiliate: 'group-company-a', decisionId, state: 'due' },
    ]);
    expect((await doors.get(`/v1/subjects/${subjectId}/sharing`)).body).toMatchObject([
      { purposeId: 'contact-by-phone', shared: true, version: 2 },
      { purposeId: 'group-affiliate-phone-marketing', shared: false, version: 3 },
    ]);
  });

  it('shows a contact that is held back as not shared, with the word for it', async () => {
    const subjectId = randomUUID();
    await decide('event-lead-marketing', 'opening', { subjectId, scopeId: subjectId });
    await doors.holdBack(subjectId);
    expect((await doors.get(`/v1/subjects/${subjectId}/sharing`)).body).toMatchObject([
      { shared: false, heldBack: true, version: 1 },
    ]);
  });

  it('refuses a delivery for another channel than the telephone', async () => {
    const input = { affiliate: 'group-company-a', purposeId: 'group-affiliate-phone-marketing', channel: 'email' };
    expect(await doors.post('/v1/deliveries', input)).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'channel' }] },
    });
  });

  it('says of an unknown delivery that it is unknown, and refuses an id that is none', async () => {
    expect(await doors.get(`/v1/deliveries/${randomUUID()}`)).toMatchObject({
      status: 404,
      body: { type: 'urn:consent:problem:delivery-unknown' },
    });
    expect((await doors.get('/v1/deliveries/one')).status).toBe(400);
  });

  it.each(['', 'Bearer guess'])(
    'refuses POST /v1/deliveries with the authorization "%s" before it reads the body',
    async (given) => {
      expect(await doors.post('/v1/deliveries', {}, { authorization: given })).toMatchObject({
        status: 401,
        body: { type: 'urn:consent:problem:unauthenticated' },
      });
    },
  );
});
