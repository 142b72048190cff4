import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aDecision, someFacts, specApp, type SpecApp, TOKENS } from '../spec-app.js';

type Teller = keyof typeof TOKENS;

describe('who may move a status', () => {
  let app: SpecApp;
  beforeAll(async () => {
    app = await specApp();
  }, 30_000);
  afterAll(() => app.close());

  const consenting = async (): Promise<string> => {
    const id = randomUUID();
    await app.call('PUT', `/v1/subjects/${id}/facts`, { body: someFacts() });
    await app.call('POST', '/v1/decisions', { body: aDecision({ subjectId: id }) });
    return id;
  };
  const say = async (teller: Teller, subjectId: string, status: string, over: Record<string, unknown> = {}) => {
    const body = aDecision({ subjectId, status, ...over });
    return app.call<Record<string, unknown>>('POST', '/v1/decisions', { body, token: TOKENS[teller] });
  };
  const causeOf = async (subjectId: string, purposeId = 'prospect-newsletter'): Promise<string | undefined> =>
    (
      await app.sql.query<{ cause: string }>(
        'SELECT cause FROM ledger WHERE subject_id = $1 AND purpose_id = $2 ORDER BY version DESC',
        [subjectId, purposeId],
      )
    ).rows[0]?.cause;

  it.each<[Teller, string, string]>([
    ['web', 'withdrawn', 'person'],
    ['guardian', 'withdrawn', 'guardian'],
    ['agent', 'withdrawn', 'agent'],
    ['feed', 'withdrawn', 'import'],
    ['authority', 'withdrawn', 'authority'],
    ['agent', 'revoked', 'operator'],
    ['feed', 'revoked', 'operator'],
    ['authority', 'revoked', 'authority'],
    ['agent', 'expired', 'operator'],
    ['guardian', 'given', 'guardian'],
  ])('the token of %s makes a consent %s, caused by %s', async (teller, status, cause) => {
    const id = await consenting();
    expect((await say(teller, id, status)).status).toBe(201);
    expect(await causeOf(id)).toBe(cause);
  });

  it.each<[Teller, string]>([
    ['web', 'revoked'],
    ['web', 'expired'],
    ['guardian', 'revoked'],
    ['authority', 'given'],
    ['authority', 'expired'],
  ])('the token of %s cannot make it %s, and learns what is open and to whom', async (teller, status) => {
    const id = await consenting();
    const answer = await say(teller, id, status);
    expect(answer).toMatchObject({ status: 422, body: { type: 'urn:consent:problem:cause-not-entitled' } });
    expect(answer.body['openTransitions']).toContainEqual({
      status: 'withdrawn',
      causes: ['person', 'guardian', 'agent', 'operator', 'authority', 'import'],
    });
    expect(await causeOf(id)).toBe('person');
  });

  it('a move that is not open is refused with a problem of its own that names those that are', async () => {
    const id = await consenting();
    const answer = await say('web', id, 'requested');
    expect(answer).toMatchObject({ status: 422, body: { type: 'urn:consent:problem:transition-not-open' } });
    expect((answer.body['openTransitions'] as { status: string }[]).map(({ status }) => status)).toEqual([
      'given',
      'refused',
      'withdrawn',
      'expired',
      'revoked',
    ]);
  });

  it('a feed opens only with evidence', async () => {
    const id = await consenting();
    expect(await say('feed', id, 'given')).toMatchObject({
      status: 422,
      body: { type: 'urn:consent:problem:evidence-missing' },
    });
    expect((await say('feed', id, 'given', { origin: { system: 'crm', eventId: randomUUID() } })).status).toBe(201);
    expect(await causeOf(id)).toBe('import');
  });

  it('an authority answers a reasoned objection with its own cause', async () => {
    const id = randomUUID();
    await app.call('PUT', `/v1/subjects/${id}/facts`, { body: someFacts() });
    const purposeId = 'office-visitor-management';
    const { body } = await say('web', id, 'objection_submitted', { purposeId });
    const assessed = await app.call('POST', `/v1/objections/${String(body['decisionId'])}/assessment`, {
      token: TOKENS.authority,
      body: { outcome: 'upheld', ground: 'court-order' },
    });
    expect(assessed.status).toBe(201);
    expect(await causeOf(id, purposeId)).toBe('authority');
  });
});
