import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aDecision, specApp, type SpecApp, TOKENS } from '../spec-app.js';
import { BODY_LIMIT } from '../limits.js';

interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  errors?: { path: string; message: string; expected: string }[];
}

describe('bad input', () => {
  let app: SpecApp;
  beforeAll(async () => {
    app = await specApp();
  }, 30_000);
  afterAll(async () => {
    await app.close();
  });

  const recorded = async (): Promise<number> =>
    (await app.sql.query<{ n: number }>('SELECT count(*)::int AS n FROM ledger')).rows[0]?.n ?? -1;

  const expectProblem = async (
    call: Promise<{ status: number; headers: Headers; body: unknown }>,
    status: number,
    slug: string,
  ): Promise<Problem> => {
    const answer = await call;
    expect(answer).toMatchObject({ status, body: { type: `urn:consent:problem:${slug}`, status } });
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    return answer.body as Problem;
  };

  it.each<[string, Record<string, unknown>, string]>([
    ['an unknown field', aDecision({ priority: 1 }), 'priority'],
    ['an unknown field within', aDecision({ scope: { level: 'person', id: randomUUID(), name: 'x' } }), 'scope.name'],
    ['an upper-case id', aDecision({ subjectId: randomUUID().toUpperCase() }), 'subjectId'],
    ['a number for an id', aDecision({ purposeId: 7 }), 'purposeId'],
    ['an unknown status', aDecision({ status: 'opted-in' }), 'status'],
    ['a date without offset', aDecision({ decidedAt: '2026-11-24T09:30:00' }), 'decidedAt'],
    ['a day that does not exist', aDecision({ decidedAt: '2026-02-30T09:30:00Z' }), 'decidedAt'],
    ['a year before all records', aDecision({ decidedAt: '0001-01-01T00:00:00Z' }), 'decidedAt'],
    ['a year after all calendars in use', aDecision({ decidedAt: '2200-01-01T00:00:00Z' }), 'decidedAt'],
    ['a NUL character', aDecision({ channel: 'web\u0000' }), 'channel'],
    ['half a surrogate pair', aDecision({ attributes: { a: '\ud800' } }), 'attributes.a'],
    [
      'an e-mail address as event id',
      aDecision({ origin: { system: 'crm', eventId: 'jan@example.com' } }),
      'origin.eventId',
    ],
    ['SQL for a channel', aDecision({ channel: `'; DROP TABLE ledger; --` }), 'channel'],
    ['a list for a text', aDecision({ channel: ['web'] }), 'channel'],
    [
      'a false notice hash',
      aDecision({ notice: { id: 'n', version: '1', language: 'nl', contentHash: 'abc' } }),
      'notice.contentHash',
    ],
    [
      'too many attributes',
      aDecision({ attributes: Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`a${i}`, ''])) }),
      'attributes',
    ],
  ])('%s is refused, with its place and what is expected', async (_, body, path) => {
    const before = await recorded();
    const problem = await expectProblem(app.call('POST', '/v1/decisions', { body }), 422, 'invalid-input');
    expect(problem.errors?.map((error) => error.path)).toContain(path);
    for (const error of problem.errors ?? []) expect(error.expected.length).toBeGreaterThan(2);
    expect(await recorded()).toBe(before);
  });

  it('a query that a door does not take is refused, and nothing is recorded', async () => {
    const before = await recorded();
    const body = aDecision();
    for (const call of [
      () => app.call('POST', '/v1/decisions?dryRun=true', { body }),
      () => app.call('GET', '/v1/catalogue?version=1'),
      () => app.call('GET', `/v1/subjects/${body['subjectId']}?at=2026-01-01`),
    ])
      expect((await expectProblem(call(), 400, 'invalid-input')).detail).toContain('unknown field');
    expect(await recorded()).toBe(before);
  });

  it.each([
    ['half a document', '{"subjectId": "'],
    ['no document', ''],
    ['a key that reaches for the prototype', '{"__proto__": {"status": "given"}}'],
    ['a constructor key', '{"constructor": {"prototype": {"status": "given"}}}'],
  ])('%s is not read as JSON', async (_, raw) => {
    await expectProblem(app.call('POST', '/v1/decisions', { raw }), 400, 'malformed-json');
    expect(({} as { status?: string }).status).toBeUndefined();
  });

  it('a key that stands twice is refused at every door, since one of its values would be dropped; in a batch, only its line', async () => {
    const before = await recorded();
    const twice = JSON.stringify(aDecision()).replace('"status":', '"status":"given","status":');
    const problem = await expectProblem(app.call('POST', '/v1/decisions', { raw: twice }), 400, 'repeated-key');
    expect(problem.errors?.map(({ path }) => path)).toEqual(['status']);
    await expectProblem(app.call('POST', '/v1/decisions', { raw: `[${twice}]` }), 422, 'invalid-input');
    expect(await recorded()).toBe(before);
    const array = await app.call('POST', '/v1/decisions/batch', { raw: `[${twice},${JSON.stringify(aDecision())}]` });
    expect(array.body).toMatchObject([
      { line: 1, status: 400, problem: { type: 'urn:consent:problem:repeated-key', errors: [{ path: 'status' }] } },
      { line: 2, status: 201 },
    ]);
    expect(await recorded()).toBe(before + 1);
    const raw = `${twice}\n${JSON.stringify(aDecision())}`;
    const headers = { 'content-type': 'application/x-ndjson' };
    const many = await app.call('POST', '/v1/decisions/batch', { raw, headers });
    expect(many.text).toMatch(/"line":1,"status":400.*repeated-key.*"line":2,"status":201/s);
    expect(await recorded()).toBe(before + 2);
  });

  it('a key that reaches for the prototype is refused in a batch with its entry alone, and changes no object', async () => {
    const before = await recorded();
    const good = JSON.stringify(aDecision());
    const attributes = { a: 'b' };
    const own = JSON.stringify(aDecision({ attributes })).replace('"a":', '"__proto__":');
    const inherited = JSON.stringify(aDecision()).replace('{', '{"constructor":{"prototype":{"status":"given"}},');
    const refused = [
      { line: 1, status: 400, problem: { detail: expect.stringMatching(/^Found attributes\.__proto__; expected/) } },
      { line: 2, status: 400, problem: { detail: expect.stringMatching(/^Found constructor\.prototype; expected/) } },
      { line: 3, status: 201 },
    ];
    const array = await app.call('POST', '/v1/decisions/batch', { raw: `[${own},${inherited},${good}]` });
    expect(array).toMatchObject({ status: 200, body: refused });
    const headers = { 'content-type': 'application/x-ndjson' };
    const raw = [own, inherited, JSON.stringify(aDecision())].join('\n');
    const many = await app.call('POST', '/v1/decisions/batch', { raw, headers });
    expect(
      many.text
        .trim()
        .split('\n')
        .map((line): unknown => JSON.parse(line)),
    ).toMatchObject(refused);
    expect(await recorded()).toBe(before + 2);
    expect(({} as { status?: string }).status).toBeUndefined();
  });

  it('a bottomless document is refused; in a batch, only its line', async () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    await expectProblem(app.call('POST', '/v1/decisions', { raw: deep }), 400, 'malformed-json');
    const good = JSON.stringify(aDecision());
    for (const [raw, type] of [
      [`[${deep},${good}]`, 'application/json'],
      [`${deep}\n${good}`, 'application/x-ndjson'],
    ] as const) {
      const many = await app.call('POST', '/v1/decisions/batch', { raw, headers: { 'content-type': type } });
      expect(many.status).toBe(200);
      expect(many.text).toMatch(/"line":1,"status":400.*"line":2,"status":201/s);
    }
    expect((await app.call('GET', '/v1/catalogue')).status).toBe(200);
  });

  it('SQL in a text that may hold it stays text', async () => {
    const body = aDecision({
      attributes: { note: 'x DROP TABLE ledger' },
      origin: { system: 'crm', eventId: 'a/b:1' },
    });
    const { body: made } = await app.call<{ decisionId: string }>('POST', '/v1/decisions', { body });
    const { body: read } = await app.call<{ attributes: object }>('GET', `/v1/decisions/${made.decisionId}`);
    expect(read.attributes).toEqual({ note: 'x DROP TABLE ledger' });
  });

  it('a body above the limit is refused before it is read', async () => {
    const raw = JSON.stringify(aDecision({ attributes: { a: 'x'.repeat(BODY_LIMIT) } }));
    const problem = await expectProblem(app.call('POST', '/v1/decisions', { raw }), 413, 'body-too-large');
    expect(problem.detail).toBe(`Found ${raw.length} bytes; expected at most ${BODY_LIMIT}`);
  });

  it('a fault of a path or a header names the parameter', async () => {
    const path = await expectProblem(app.call('GET', '/v1/subjects/someone'), 400, 'invalid-input');
    expect(path.errors?.map((error) => error.path)).toEqual(['id']);
    const headers = { 'idempotency-key': 'x'.repeat(129) };
    const header = await expectProblem(
      app.call('POST', '/v1/decisions', { body: aDecision(), headers }),
      400,
      'invalid-input',
    );
    expect(header.errors?.map((error) => error.path)).toEqual(['idempotency-key']);
  });

  it.each([
    ['text', '/v1/decisions', 'text/plain'],
    ['NDJSON where one decision is expected', '/v1/decisions', 'application/x-ndjson'],
    ['XML in a batch', '/v1/decisions/batch', 'application/xml'],
  ])('%s is an unsupported media type', async (_, path, type) => {
    const call = app.call('POST', path, { raw: JSON.stringify(aDecision()), headers: { 'content-type': type } });
    await expectProblem(call, 415, 'unsupported-media-type');
  });

  it('the door for many decisions is read by nobody, and is no decision either', async () => {
    const answer = await app.call('GET', '/v1/decisions/batch');
    await expectProblem(Promise.resolve(answer), 405, 'method-not-allowed');
    expect(answer.headers.get('allow')).toBe('POST');
  });

  it('a method that a path does not take is answered with those it takes', async () => {
    const answer = await app.call('DELETE', '/v1/decisions');
    await expectProblem(Promise.resolve(answer), 405, 'method-not-allowed');
    expect(answer.headers.get('allow')).toContain('POST');
  });

  it.each([
    ['/v1/nothing', 404, 'not-found'],
    [`/v1/subjects/${randomUUID()}`, 404, 'subject-unknown'],
    [`/v1/subjects/${randomUUID()}/decisions`, 404, 'subject-unknown'],
    [`/v1/decisions/${randomUUID()}`, 404, 'decision-unknown'],
    ['/v1/purposes/unheard-of', 404, 'purpose-unknown'],
    [`/v1/replays/${randomUUID()}`, 404, 'replay-unknown'],
    ['/v1/subjects/me', 400, 'invalid-input'],
    ['/v1/subjects/%00', 400, 'invalid-input'],
    [`/v1/subjects/${randomUUID()}/decisions?limit=0`, 400, 'invalid-input'],
    [`/v1/subjects/${randomUUID()}/decisions?after=-1`, 400, 'invalid-input'],
    [`/v1/subjects/${randomUUID()}/decisions?after=1&after=2`, 400, 'invalid-input'],
    [`/v1/subjects/${randomUUID()}/decisions?page=2`, 400, 'invalid-input'],
    [`/v1/subjects/${randomUUID()}/permissions?scope=home`, 400, 'invalid-input'],
  ])('GET %s is answered with %d %s', async (path, status, slug) => {
    await expectProblem(app.call('GET', path), status, slug);
  });

  it.each([['a b'], ['ä'], ['x'.repeat(129)]])('the Idempotency-Key %p is refused', async (key) => {
    const headers = { 'idempotency-key': Buffer.from(key).toString('latin1') };
    await expectProblem(
      app.call('POST', '/v1/decisions', { key: null, headers, body: aDecision() }),
      400,
      'invalid-input',
    );
  });

  describe('without the right to it', () => {
    it.each([
      ['no token', null],
      ['a token that nobody has', 'guess'],
      ['an empty token', ''],
    ])('%s is answered with 401', async (_, token) => {
      const answer = await app.call('POST', '/v1/decisions', { body: aDecision(), token });
      await expectProblem(Promise.resolve(answer), 401, 'unauthenticated');
      expect(answer.headers.get('www-authenticate')).toContain('Bearer');
    });

    it('a caller that may only read records nothing, and one that may only record reads nothing', async () => {
      await expectProblem(
        app.call('POST', '/v1/decisions', { body: aDecision(), token: TOKENS.reader }),
        403,
        'forbidden',
      );
      await expectProblem(app.call('GET', `/v1/subjects/${randomUUID()}`, { token: TOKENS.feed }), 403, 'forbidden');
      const body = { system: 'group-sharing', mode: 'repair', select: { purpose: 'x' } };
      await expectProblem(app.call('POST', '/v1/replays', { body, token: TOKENS.agent }), 403, 'forbidden');
    });
  });
});
