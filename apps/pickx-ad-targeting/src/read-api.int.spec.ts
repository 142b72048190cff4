import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type SystemDoors, systemDoors } from '@consent/decision-consumer/kit';
import { handler } from './handler.js';
import { migrations } from './migrations.js';
import { ReadApi } from './read-api.js';
import { decision } from './spec-decision.js';

describe('the doors of pickx-ad-targeting', () => {
  let doors: SystemDoors;
  beforeAll(async () => {
    doors = await systemDoors(handler(), migrations, { controllers: [ReadApi] });
  });
  afterAll(() => doors?.close());

  const decide = (...told: Parameters<typeof decision>) => doors.decide(decision(...told));

  it('chooses by profile while a consent stands, and shows switches and profiles', async () => {
    const subjectId = randomUUID();
    const accountId = randomUUID();
    const of = { subjectId, scopeId: accountId };
    await decide('pickx-personalised-tv-ads', 'opening', of);
    const input = { subjectId, accountId, spot: 'third-party-advertisement' };
    expect(await doors.post('/v1/selections', input)).toMatchObject({
      status: 201,
      body: { chosen: 'by-profile', version: 1 },
    });
    expect((await doors.get(`/v1/subjects/${subjectId}/targeting`)).body).toMatchObject({
      switches: [{ accountId, purposeId: 'pickx-personalised-tv-ads', allowed: true, version: 1 }],
      profiles: [{ accountId, audience: 'operator' }],
    });
    await decide('pickx-personalised-tv-ads', 'closing', { ...of, version: 2 });
    expect((await doors.post('/v1/selections', input)).body).toMatchObject({ chosen: 'unpersonalised' });
    expect((await doors.get(`/v1/subjects/${subjectId}/targeting`)).body).toMatchObject({ profiles: [] });
  });

  it('shows a switch that is held back as not allowed, with the word for it', async () => {
    const [subjectId, scopeId] = [randomUUID(), randomUUID()];
    await decide('pickx-personalised-tv-ads', 'opening', { subjectId, scopeId });
    await doors.holdBack(subjectId);
    expect((await doors.get(`/v1/subjects/${subjectId}/targeting`)).body).toMatchObject({
      switches: [{ accountId: scopeId, allowed: false, heldBack: true, version: 1 }],
    });
  });

  it('refuses a spot that is none and a field that nobody knows', async () => {
    const input = { subjectId: randomUUID(), accountId: randomUUID(), spot: 'banner', viewer: 'someone' };
    const answer = await doors.post('/v1/selections', input);
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ path: 'spot' }, { path: 'viewer' }] } });
  });

  it.each(['', 'Bearer guess'])(
    'refuses POST /v1/selections with the authorization "%s" before it reads the body',
    async (given) => {
      expect(await doors.post('/v1/selections', {}, { authorization: given })).toMatchObject({
        status: 401,
        body: { type: 'urn:consent:problem:unauthenticated' },
      });
    },
  );
});
