import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type SystemDoors, systemDoors } from '@consent/decision-consumer/kit';
import { handler } from './handler.js';
import { migrations } from './migrations.js';
import { ReadApi } from './read-api.js';
import { decision } from './spec-decision.js';

describe('the doors of marketing-segmentation', () => {
  let doors: SystemDoors;
  beforeAll(async () => {
    doors = await systemDoors(handler(), migrations, { controllers: [ReadApi] });
  });
  afterAll(() => doors?.close());

  const decide = (...told: Parameters<typeof decision>) => doors.decide(decision(...told));

  it('draws a target list, and takes a person off it who closes the channel', async () => {
    const subjectId = randomUUID();
    const address = randomUUID();
    await decide('customer-newsletter', 'opening', { subjectId, scopeId: subjectId });
    await decide('contact-by-email', 'opening', { subjectId, scopeId: address, version: 2 });
    const made = await doors.post('/v1/target-lists', {
      campaign: 'spring-2027',
      purposeId: 'customer-newsletter',
      channel: 'email',
    });
    expect(made).toMatchObject({ status: 201, body: { entries: 1 } });
    const list = `/v1/target-lists/${String(made.body['targetListId'])}`;
    expect((await doors.get(list)).body).toMatchObject({
      entries: [{ subjectId, contactPointId: address, version: 1, channelVersion: 2 }],
      nextAfter: null,
    });
    await decide('contact-by-email', 'closing', { subjectId, scopeId: address, version: 3 });
    expect((await doors.get(list)).body).toMatchObject({ entries: [] });
  });

  it('shows the switches and the scores of a subject', async () => {
    const subjectId = randomUUID();
    await decide('tailored-offers-web-app-usage', 'opening', { subjectId, scopeId: subjectId });
    expect((await doors.get(`/v1/subjects/${subjectId}/profile`)).body).toEqual({
      subjectId,
      switches: [
        { scopeId: subjectId, purposeId: 'tailored-offers-web-app-usage', active: true, heldBack: false, version: 1 },
      ],
      scores: [{ scopeId: subjectId, source: 'web-app-usage', interest: 'general', score: 5 }],
    });
  });

  it('shows a switch that is held back as not active, with the word for it', async () => {
    const subjectId = randomUUID();
    await decide('tailored-offers-web-app-usage', 'opening', { subjectId, scopeId: subjectId });
    await doors.holdBack(subjectId);
    expect((await doors.get(`/v1/subjects/${subjectId}/profile`)).body).toMatchObject({
      switches: [{ scopeId: subjectId, active: false, heldBack: true, version: 1 }],
    });
  });

  it('refuses a list for an unknown purpose, and says of an unknown list that it is unknown', async () => {
    const input = { campaign: 'spring-2027', purposeId: 'directory-contact-listing', channel: 'email' };
    expect(await doors.post('/v1/target-lists', input)).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'purposeId' }] },
    });
    expect((await doors.get(`/v1/target-lists/${randomUUID()}`)).status).toBe(404);
  });

  it.each(['', 'Bearer guess'])(
    'refuses POST /v1/target-lists with the authorization "%s" before it reads the body',
    async (given) => {
      expect(await doors.post('/v1/target-lists', {}, { authorization: given })).toMatchObject({
        status: 401,
        body: { type: 'urn:consent:problem:unauthenticated' },
      });
    },
  );
});
