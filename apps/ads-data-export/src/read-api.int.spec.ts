import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type SystemDoors, systemDoors } from '@consent/decision-consumer/kit';
import { handler } from './handler.js';
import { migrations } from './migrations.js';
import { ReadApi } from './read-api.js';
import { decision } from './spec-decision.js';

describe('the doors of ads-data-export', () => {
  let doors: SystemDoors;
  beforeAll(async () => {
    doors = await systemDoors(handler(), migrations, { controllers: [ReadApi] });
  });
  afterAll(() => doors?.close());

  const decide = (...told: Parameters<typeof decision>) => doors.decide(decision(...told));

  it('delivers a stream, shows pseudonyms alone, and what the recipient must drop after a withdrawal', async () => {
    const subjectId = randomUUID();
    const of = { subjectId, scopeId: subjectId };
    await decide('ads-data-targeted-advertising', 'opening', of);
    const made = await doors.post('/v1/deliveries', { stream: 'web-and-app', recipient: 'ads-and-data' });
    expect(made).toMatchObject({ status: 201, body: { records: 1 } });
    const delivery = await doors.get(`/v1/deliveries/${String(made.body['deliveryId'])}`);
    expect(delivery.body).toMatchObject({ records: [{ siteAndAppData: false, version: 1 }], nextAfter: null });
    expect(JSON.stringify(delivery.body)).not.toContain(subjectId);
    const { decisionId } = await decide('ads-data-targeted-advertising', 'closing', { ...of, version: 2 });
    const [record] = delivery.body['records'] as { pseudonym: string }[];
    expect((await doors.get(`/v1/decisions/${decisionId}/revocations`)).body).toMatchObject([
      { pseudonym: record?.pseudonym, recipient: 'ads-and-data', state: 'due' },
    ]);
    expect((await doors.get(`/v1/subjects/${subjectId}/exports`)).body).toEqual([
      { scopeId: subjectId, purposeId: 'ads-data-targeted-advertising', exported: false, heldBack: false, version: 2 },
    ]);
  });

  it('shows a stream that is held back as not exported, with the word for it', async () => {
    const subjectId = randomUUID();
    await decide('ads-data-targeted-advertising', 'opening', { subjectId, scopeId: subjectId });
    await doors.holdBack(subjectId);
    expect((await doors.get(`/v1/subjects/${subjectId}/exports`)).body).toMatchObject([
      { exported: false, heldBack: true, version: 1 },
    ]);
  });

  it('refuses a recipient that the stream does not go to, naming those it goes to', async () => {
    const answer = await doors.post('/v1/deliveries', { stream: 'television', recipient: 'someone-else' });
    expect(answer).toMatchObject({ status: 422, body: { type: 'urn:consent:problem:recipient-unknown' } });
    expect(answer.body['detail']).toContain('ads-and-data or dpg-media');
  });

  it('says of an unknown delivery that it is unknown, and refuses a limit that is none', async () => {
    expect((await doors.get(`/v1/deliveries/${randomUUID()}`)).status).toBe(404);
    for (const limit of ['many', '0x10', '1e2', '%205%20', ''])
      expect((await doors.get(`/v1/deliveries/${randomUUID()}?limit=${limit}`)).status).toBe(400);
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
