import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aDecision, someFacts, specApp, type SpecApp, TOKENS } from '../spec-app.js';

interface Decided {
  decisionId: string;
  version: number;
  position: number;
  effective: boolean;
  direction: string;
  status: string;
  permission: { allowed: boolean; reason: string };
  systems: { systemId: string; applyBy: string }[];
}

describe('recording a decision', () => {
  let app: SpecApp;
  beforeAll(async () => {
    app = await specApp();
  }, 30_000);
  afterAll(() => app.close());

  /** Entries that the facts of a customer and prospect leave: of what is for others. */
  const OF_FACTS = 4;
  const subjectWithFacts = async (): Promise<string> => {
    const id = randomUUID();
    expect((await app.call('PUT', `/v1/subjects/${id}/facts`, { body: someFacts() })).status).toBe(200);
    return id;
  };

  it('answers with version, permission and the systems concerned, and leaves one row for the relay', async () => {
    const subjectId = await subjectWithFacts();
    const { status, body } = await app.call<Decided>('POST', '/v1/decisions', { body: aDecision({ subjectId }) });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      version: OF_FACTS + 1,
      effective: true,
      direction: 'opening',
      permission: { allowed: true },
    });
    const outbox = await app.sql.query(
      'SELECT lane, kind, position::int, traceparent FROM outbox WHERE subject_id = $1 ORDER BY position OFFSET $2',
      [subjectId, OF_FACTS],
    );
    expect(outbox.rows).toEqual([
      { lane: 0, kind: 'decision', position: body.position, traceparent: expect.stringMatching(/^00-/) as unknown },
    ]);
  });

  it('keeps an opening closed while nothing is known of the person, and says why', async () => {
    const { body } = await app.call<Decided>('POST', '/v1/decisions', { body: aDecision() });
    expect(body).toMatchObject({ direction: 'closing', permission: { allowed: false, reason: 'facts_missing' } });
  });

  it('takes an objection keyed on a number alone, of someone without an account, and keeps it whatever is learnt later (C39)', async () => {
    const [subjectId, line] = [randomUUID(), randomUUID()];
    const purposeId = 'location-analytics-anonymised-reports';
    expect(app.catalogue.purposes.get(purposeId)?.subjectTypes).toContain('other-operator-end-user');
    const objection = aDecision({ subjectId, purposeId, status: 'objected', scope: { level: 'line', id: line } });
    const { status, body } = await app.call<Decided>('POST', '/v1/decisions', {
      body: { ...objection, channel: 'email-dpo' },
    });
    expect([status, body]).toMatchObject([
      201,
      { effective: true, permission: { allowed: false, reason: 'objected' } },
    ]);
    await app.call('PUT', `/v1/subjects/${subjectId}/facts`, {
      body: someFacts({ scopes: [{ level: 'line', id: line }] }),
    });
    const may = await app.call('GET', `/v1/subjects/${subjectId}/permissions?purpose=${purposeId}&scope=${line}`);
    expect(may.body).toMatchObject([{ allowed: false, reason: 'objected' }]);
  });

  it('keeps old evidence without letting it open', async () => {
    const subjectId = await subjectWithFacts();
    const at = (day: number): string => `2026-03-0${day}T10:00:00Z`;
    const post = (status: string, decidedAt: string) =>
      app.call<Decided>('POST', '/v1/decisions', { body: aDecision({ subjectId, status, decidedAt }) });
    await post('given', at(1));
    await post('withdrawn', at(5));
    const { body } = await post('given', at(3));
    expect(body).toMatchObject({
      version: OF_FACTS + 4,
      effective: false,
      direction: 'closing',
      permission: { allowed: false, reason: 'evidence_older_than_closing' },
    });
    expect((await post('given', at(6))).body).toMatchObject({
      version: OF_FACTS + 5,
      effective: true,
      direction: 'opening',
    });
  });

  it.each([
    ['the yes first', ['given', 'withdrawn'], false],
    ['the no first', ['withdrawn', 'given'], true],
  ])(
    'of a no and a newer yes that come late, %s, lets the no count when it comes, and the yes once told after it',
    async (_, order, open) => {
      const subjectId = await subjectWithFacts();
      const decidedAt: Record<string, string> = { given: '2026-03-02T10:00:00Z', withdrawn: '2026-03-01T10:00:00Z' };
      const tell = async (status: string): Promise<boolean> => {
        const body = aDecision({ subjectId, status, decidedAt: decidedAt[status] });
        const answer = await app.call<Decided>('POST', '/v1/decisions', { body });
        expect(answer).toMatchObject({ status: 201, body: { effective: true } });
        return answer.body.permission.allowed;
      };
      const allowed = [];
      for (const status of order) allowed.push(await tell(status));
      expect(allowed.at(-1)).toBe(open);
      expect(await tell('given')).toBe(true);
    },
  );

  it('gives a scope to the subject that uses it first, for ever', async () => {
    const scope = { level: 'account', id: randomUUID() };
    const purposeId = [...app.catalogue.purposes.values()].find(
      (p) => p.scopeLevel === 'account' && p.choiceModel === 'opt-in',
    )?.id;
    const first = await app.call('POST', '/v1/decisions', { body: aDecision({ scope, purposeId }) });
    expect(first.status).toBe(201);
    const second = await app.call('POST', '/v1/decisions', { body: aDecision({ scope, purposeId }) });
    expect(second.status).toBe(409);
    expect(second.body).toMatchObject({ type: 'urn:consent:problem:scope-belongs-to-another-subject' });
  });

  it('does not let two subjects win one scope at once', async () => {
    const purposeId = [...app.catalogue.purposes.values()].find(
      (p) => p.scopeLevel === 'account' && p.choiceModel === 'opt-in',
    )?.id;
    const scope = { level: 'account', id: randomUUID() };
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => app.call('POST', '/v1/decisions', { body: aDecision({ scope, purposeId }) })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409]);
  });

  it('takes who acts from the token and refuses an actor in the body', async () => {
    const subjectId = await subjectWithFacts();
    await app.call('POST', '/v1/decisions', { body: aDecision({ subjectId }), token: TOKENS.agent });
    const { body } = await app.call<{ cause: string; evidence: { actor: string; caller: string } }[]>(
      'GET',
      `/v1/subjects/${subjectId}/decisions`,
    );
    expect(body.at(-1)).toMatchObject({ cause: 'agent', evidence: { actor: 'agent', caller: 'desk' } });
    const lie = await app.call('POST', '/v1/decisions', { body: aDecision({ actor: 'self' }) });
    expect(lie.status).toBe(422);
    expect(lie.text).toContain('actor');
  });

  it('says which statuses are open when one cannot follow', async () => {
    const { status, body } = await app.call('POST', '/v1/decisions', { body: aDecision({ status: 'objected' }) });
    expect(status).toBe(422);
    expect(body).toMatchObject({
      type: 'urn:consent:problem:status-not-of-choice-model',
      openTransitions: expect.arrayContaining([expect.objectContaining({ status: 'given' })]) as unknown,
    });
  });

  it('refuses a yes to a text that is not the catalogue’s, and takes a no with any text', async () => {
    const subjectId = await subjectWithFacts();
    const notice = { id: 'marketing-contact', version: '1', language: 'en', contentHash: 'a'.repeat(64) };
    const yes = await app.call('POST', '/v1/decisions', { body: aDecision({ subjectId, notice }) });
    expect(yes.body).toMatchObject({ status: 422, type: 'urn:consent:problem:notice-unknown' });
    const no = await app.call('POST', '/v1/decisions', {
      body: aDecision({ subjectId, notice, status: 'withdrawn' }),
    });
    expect(no.status).toBe(201);
    const { contentHash } = app.catalogue.notices.find((n) => n.id === notice.id && n.language === 'en') ?? {};
    const shown = await app.call('POST', '/v1/decisions', {
      body: aDecision({ subjectId, notice: { ...notice, contentHash } }),
    });
    expect(shown.status).toBe(201);
  });

  it('answers the echo of a source event with what was recorded first', async () => {
    const subjectId = await subjectWithFacts();
    const origin = { system: 'crm', eventId: randomUUID() };
    const first = await app.call<Decided>('POST', '/v1/decisions', { body: aDecision({ subjectId, origin }) });
    const echo = await app.call<Decided>('POST', '/v1/decisions', { body: aDecision({ subjectId, origin }) });
    expect(echo.status).toBe(200);
    expect(echo.body).toEqual(first.body);
    const other = await app.call('POST', '/v1/decisions', {
      body: aDecision({ subjectId, origin, status: 'withdrawn' }),
    });
    expect(other.status).toBe(409);
    expect(other.body).toMatchObject({ type: 'urn:consent:problem:origin-recorded-otherwise' });
  });

  it('gives versions without gaps in the order of commit when many write to one subject', async () => {
    const subjectId = await subjectWithFacts();
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, i) =>
        app.call<Decided>('POST', '/v1/decisions', {
          body: aDecision({ subjectId, status: i % 2 ? 'given' : 'withdrawn' }),
        }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(40).fill(201));
    const { rows } = await app.sql.query<{ version: number }>(
      'SELECT version::int FROM ledger WHERE subject_id = $1 ORDER BY position',
      [subjectId],
    );
    expect(rows.length).toBeGreaterThanOrEqual(40);
    expect(rows.map(({ version }) => version)).toEqual(rows.map((_, i) => i + 1));
    const outbox = await app.sql.query<{ version: number }>(
      'SELECT version::int FROM outbox JOIN ledger USING (position) WHERE outbox.subject_id = $1 ORDER BY id',
      [subjectId],
    );
    expect(outbox.rows).toEqual(rows);
  });
});
