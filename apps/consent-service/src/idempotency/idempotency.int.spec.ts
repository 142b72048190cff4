import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '@consent/testing';
import pg from 'pg';
import { aDecision, specApp, type SpecApp, TOKENS } from '../spec-app.js';

describe('a write with an Idempotency-Key', () => {
  let app: SpecApp;
  beforeAll(async () => {
    app = await specApp();
  }, 30_000);
  afterAll(() => app.close());

  const recorded = async (subjectId: string): Promise<number> =>
    (await app.sql.query('SELECT FROM ledger WHERE subject_id = $1', [subjectId])).rowCount ?? 0;

  it('is refused without the key', async () => {
    for (const path of ['/v1/decisions', '/v1/bundles', '/v1/replays'])
      expect(
        await app.call('POST', path, {
          key: null,
          body: path.endsWith('decisions')
            ? aDecision()
            : path.endsWith('bundles')
              ? { subjectId: randomUUID(), kind: 'withdraw-all', channel: 'web' }
              : { system: 'group-sharing', mode: 'repair', select: { purpose: 'x' } },
        }),
      ).toMatchObject({ status: 400, body: { type: 'urn:consent:problem:idempotency-key-missing' } });
  });

  it('sent again with the same body gets the same answer and records nothing', async () => {
    const body = aDecision();
    const key = randomUUID();
    const first = await app.call('POST', '/v1/decisions', { body, key });
    const second = await app.call('POST', '/v1/decisions', { body, key });
    expect(second).toMatchObject({ status: 201, text: first.text });
    expect(second.headers.get('location')).toBe(first.headers.get('location'));
    expect(await recorded(body.subjectId)).toBe(1);
  });

  it('sent again in another case of its media type, or with its characters, is the same request', async () => {
    const [body, key] = [aDecision(), randomUUID()];
    const first = await app.call('POST', '/v1/decisions', { body, key });
    for (const type of ['APPLICATION/JSON', 'Application/Json ; charset=utf-8']) {
      const headers = { 'content-type': type };
      expect(await app.call('POST', '/v1/decisions', { body, key, headers })).toMatchObject({ text: first.text });
    }
    expect(await recorded(body.subjectId)).toBe(1);
  });

  it('that was refused gets the same refusal again', async () => {
    const body = aDecision({ purposeId: 'contact-by-phone', status: 'objection_lifted' });
    const key = randomUUID();
    const first = await app.call('POST', '/v1/decisions', { body, key });
    expect(first.status).toBe(422);
    const second = await app.call('POST', '/v1/decisions', { body, key });
    // The trace is that of the request; all else is the same.
    expect({ ...second.body, traceId: '' }).toEqual({ ...first.body, traceId: '' });
    expect(second.status).toBe(422);
  });

  it('sent again with another body is refused', async () => {
    const key = randomUUID();
    await app.call('POST', '/v1/decisions', { body: aDecision(), key });
    expect(await app.call('POST', '/v1/decisions', { body: aDecision(), key })).toMatchObject({
      status: 422,
      body: { type: 'urn:consent:problem:idempotency-key-reused' },
    });
  });

  it.each([
    ['too deep', (n: number) => `${'['.repeat(100 + n)}${']'.repeat(100 + n)}`],
    ['with a repeated key', (n: number) => `{"a":1,"a":${n}}`],
    ['with a key that reaches for the prototype', (n: number) => `{"__proto__":${n}}`],
  ])('of a batch that differs only in an entry %s is another request', async (_, entry) => {
    const [key, good] = [randomUUID(), JSON.stringify(aDecision())];
    const send = (n: number) => app.call('POST', '/v1/decisions/batch', { raw: `[${entry(n)},${good}]`, key });
    const first = await send(1);
    expect(first.body).toMatchObject([{ status: 400 }, { status: 201 }]);
    expect((await send(1)).text).toBe(first.text);
    expect(await send(2)).toMatchObject({
      status: 422,
      body: { type: 'urn:consent:problem:idempotency-key-reused' },
    });
  });

  it('belongs to its caller: the same key of another one is another request', async () => {
    const key = randomUUID();
    const [one, two] = [aDecision(), aDecision()];
    await app.call('POST', '/v1/decisions', { body: one, key });
    expect((await app.call('POST', '/v1/decisions', { body: two, key, token: TOKENS.agent })).status).toBe(201);
  });

  it('sent many times at once is carried out once; the others get its answer or 409', async () => {
    const body = aDecision();
    const key = randomUUID();
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => app.call('POST', '/v1/decisions', { body, key })),
    );
    const done = answers.filter(({ status }) => status === 201);
    expect(new Set(done.map(({ text }) => text)).size).toBe(1);
    for (const answer of answers.filter(({ status }) => status !== 201))
      expect(answer).toMatchObject({ status: 409, body: { type: 'urn:consent:problem:request-in-flight' } });
    expect(await recorded(body.subjectId)).toBe(1);
  });

  it('whose first attempt died in the middle is carried out by the next, and never stays in flight', async () => {
    const body = aDecision();
    await app.call('POST', '/v1/decisions', { body });
    const key = randomUUID();
    const holder = new pg.Client({ connectionString: app.database.ownerUrl });
    await holder.connect();
    await holder.query('BEGIN');
    await holder.query('SELECT FROM subject WHERE subject_id = $1 FOR UPDATE', [body.subjectId]);

    const dying = app.call('POST', '/v1/decisions', { body, key });
    const pid = await until('the first attempt waits for the subject', async () => {
      const { rows } = await holder.query<{ pid: number }>(
        `SELECT pid FROM pg_locks WHERE NOT granted AND pid IN
           (SELECT pid FROM pg_stat_activity WHERE datname = current_database())`,
      );
      return rows[0]?.pid;
    });
    expect(await app.call('POST', '/v1/decisions', { body, key })).toMatchObject({ status: 409 });
    // Ends its session as a crash of the service would; the service's role owns it, so it may.
    await app.sql.query('SELECT pg_terminate_backend($1)', [pid]);
    expect(await dying).toMatchObject({ status: 503, body: { type: 'urn:consent:problem:ledger-unavailable' } });
    await holder.query('ROLLBACK');
    await holder.end();

    expect(await recorded(body.subjectId)).toBe(1);
    expect((await app.call('POST', '/v1/decisions', { body, key })).status).toBe(201);
    expect(await recorded(body.subjectId)).toBe(2);
  });

  it('replays a whole batch with its problems, line by line', async () => {
    const lines = [aDecision(), { nonsense: true }, aDecision({ purposeId: 'no-such-purpose' }), aDecision()];
    const key = randomUUID();
    const first = await app.call('POST', '/v1/decisions/batch', { body: lines, key });
    const second = await app.call('POST', '/v1/decisions/batch', { body: lines, key });
    expect(second.text).toBe(first.text);
    expect(first.body).toMatchObject([{ status: 201 }, { status: 422 }, { status: 422 }, { status: 201 }]);
  });
});
