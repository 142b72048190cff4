import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { aDecision, someFacts, specApp, type SpecApp } from '../spec-app.js';

describe('the id of a line that is sent as that of a person', () => {
  let app: SpecApp;
  let owner: string;
  let line: string;
  beforeAll(async () => {
    app = await specApp();
  }, 30_000);
  afterAll(() => app.close());
  beforeEach(async () => {
    [owner, line] = [randomUUID(), randomUUID()];
    const scopes = [{ level: 'line', id: line }];
    expect(await app.call('PUT', `/v1/subjects/${owner}/facts`, { body: { ...someFacts(), scopes } })).toMatchObject({
      status: 200,
    });
  });

  const MISTAKEN = { type: 'urn:consent:problem:scope-level-differs' };
  const withdraws = () =>
    app.call('POST', '/v1/decisions', {
      body: aDecision({
        ...{ subjectId: owner, scope: { level: 'line', id: line } },
        ...{ purposeId: 'directory-contact-listing', status: 'withdrawn' },
      }),
    });

  it.each<[string, () => Promise<{ status: number; body: unknown }>]>([
    ['a decision', () => app.call('POST', '/v1/decisions', { body: aDecision({ subjectId: line }) })],
    [
      'a decision about another line',
      () =>
        app.call('POST', '/v1/decisions', {
          body: aDecision({
            ...{ subjectId: line, scope: { level: 'line', id: randomUUID() } },
            purposeId: 'directory-contact-listing',
          }),
        }),
    ],
    ['facts', () => app.call('PUT', `/v1/subjects/${line}/facts`, { body: someFacts() })],
    ['a transfer to itself', () => app.call('POST', `/v1/scopes/${line}/transfer`, { body: { toSubjectId: line } })],
  ])('is refused in %s, and the person who has it can withdraw', async (_, mistaken) => {
    const { status, body } = await mistaken();
    expect([409, 422]).toContain(status);
    expect(body).toMatchObject(MISTAKEN);
    expect((await withdraws()).status).toBe(201);
    const all = { subjectId: owner, kind: 'withdraw-all', channel: 'myproximus-web' };
    expect((await app.call('POST', '/v1/bundles', { body: all })).status).toBe(201);
  });
});
