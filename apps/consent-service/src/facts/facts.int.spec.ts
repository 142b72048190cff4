import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aDecision, someFacts, specApp, type SpecApp } from '../spec-app.js';

interface Entry {
  purposeId: string;
  scope: { id: string };
  cause: string;
  status: string;
  version: number;
  direction: string;
  permission: { allowed: boolean; reason: string };
}

describe('facts', () => {
  let app: SpecApp;
  beforeAll(async () => {
    app = await specApp();
  }, 30_000);
  afterAll(() => app.close());

  const put = (subjectId: string, over: Record<string, unknown> = {}) =>
    app.call<{ changes: number }>('PUT', `/v1/subjects/${subjectId}/facts`, { body: someFacts(over) });
  const history = async (subjectId: string): Promise<Entry[]> =>
    (await app.call<Entry[]>('GET', `/v1/subjects/${subjectId}/decisions`)).body;

  it('that become known open what the person had agreed to, as a ledger entry with its cause', async () => {
    const { body: made } = await app.call<{ subjectId: string }>('POST', '/v1/decisions', { body: aDecision() });
    expect((await put(made.subjectId)).body).toEqual({ subjectId: made.subjectId, factsVersion: 1, changes: 5 });
    const entries = await history(made.subjectId);
    expect(entries.filter(({ permission }) => permission.reason !== 'role_not_covered')).toMatchObject([
      { version: 1, cause: 'person', direction: 'closing', permission: { reason: 'facts_missing' } },
      { cause: 'facts', status: 'given', direction: 'opening', permission: { allowed: true } },
    ]);
    const outbox = await app.sql.query('SELECT FROM outbox WHERE subject_id = $1', [made.subjectId]);
    expect(outbox.rowCount).toBe(entries.length);
  });

  it('open what was agreed to as it was agreed to: a yes bound to one source of data stays bound to it (C23)', async () => {
    const bound = { attributes: { dataSource: 'web-form' } };
    const { body: made } = await app.call<{ subjectId: string }>('POST', '/v1/decisions', { body: aDecision(bound) });
    await put(made.subjectId);
    const entries = await history(made.subjectId);
    expect(entries.filter(({ status }) => status === 'given')).toMatchObject([
      { cause: 'person', direction: 'closing', ...bound },
      { cause: 'facts', direction: 'opening', ...bound },
    ]);
  });

  it('that change close what they no longer allow, and nothing else', async () => {
    const subjectId = randomUUID();
    await put(subjectId);
    await app.call('POST', '/v1/decisions', {
      body: aDecision({ subjectId, purposeId: 'loyalty-programme-participation', status: 'given' }),
    });
    const before = (await history(subjectId)).length;
    await put(subjectId, { brand: 'scarlet' });
    const changes = (await history(subjectId)).slice(before);
    expect(changes.length).toBeGreaterThan(0);
    for (const change of changes)
      expect(change).toMatchObject({ cause: 'facts', direction: 'closing', permission: { reason: 'brand_excluded' } });
    expect((await put(subjectId, { brand: 'scarlet' })).body.changes).toBe(0);
  });

  it('claim their scopes for the subject; those of another are refused, and nothing of that line is taken', async () => {
    const [mine, theirs] = [randomUUID(), randomUUID()];
    const line = { level: 'line', id: randomUUID() };
    expect((await put(mine, { scopes: [line] })).status).toBe(200);
    const refused = await put(theirs, { scopes: [{ level: 'line', id: randomUUID() }, line] });
    expect(refused).toMatchObject({
      status: 409,
      body: { type: 'urn:consent:problem:scope-belongs-to-another-subject' },
    });
    expect((await app.call('GET', `/v1/subjects/${theirs}`)).status).toBe(404);
    expect((await put(mine, { scopes: [{ ...line, level: 'device' }] })).status).toBe(409);
    expect((await app.call('GET', `/v1/subjects/${mine}`)).body).toMatchObject({ scopes: [line] });
  });

  it('of two people that claim one scope give it to the first of a batch, and of batches to the one that comes first', async () => {
    const batch = async (...lines: { subjectId: string; scopes: object[] }[]) =>
      (
        await app.call<{ status: number; problem?: { detail: string } }[]>('POST', '/v1/facts/batch', {
          body: lines.map(({ subjectId, scopes }) => ({ subjectId, ...someFacts({ scopes }) })),
        })
      ).body;
    const refusal = (id: string) => ({
      status: 409,
      problem: {
        type: 'urn:consent:problem:scope-belongs-to-another-subject',
        detail: expect.stringContaining(`Scope ${id} belongs to another subject`) as unknown,
      },
    });
    const line = () => ({ level: 'line', id: randomUUID() });
    const [one, other, both] = [line(), line(), line()];
    const claim = (...scopes: object[]) => ({ subjectId: randomUUID(), scopes });
    expect(await batch(claim(one), claim(other, one), claim(other))).toMatchObject([
      { status: 200 },
      refusal(one.id),
      { status: 200 },
    ]);
    const [second] = await batch(claim(one));
    expect(second).toMatchObject(refusal(one.id));
    const atOnce = (await Promise.all(Array.from({ length: 8 }, () => batch(claim(both))))).flat();
    expect(atOnce.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(atOnce.filter(({ status }) => status !== 200)).toMatchObject(Array(7).fill(refusal(both.id)));
  });

  it('that name an account without its brand leave it its brand; null makes it that of the person (C41)', async () => {
    const subjectId = randomUUID();
    const [known, fresh] = [randomUUID(), randomUUID()].map((id) => ({ level: 'account', id }));
    const scopes = async () => (await app.call<{ scopes: object[] }>('GET', `/v1/subjects/${subjectId}`)).body.scopes;
    await put(subjectId, { scopes: [{ ...known, brand: 'scarlet' }] });
    const { body } = await app.call('POST', '/v1/decisions', {
      body: aDecision({ subjectId, scope: known, purposeId: 'pickx-personalised-tv-ads' }),
    });
    expect(body).toMatchObject({ permission: { reason: 'brand_excluded' } });
    expect((await put(subjectId, { minor: null, scopes: [known, fresh] })).status).toBe(200);
    await put(subjectId, { scopes: [known] });
    expect(await scopes()).toMatchObject([
      { ...known, brand: 'scarlet' },
      { ...fresh, brand: null },
    ]);
    await put(subjectId, { scopes: [{ ...known, brand: null }] });
    expect(await scopes()).toMatchObject([
      { ...known, brand: null },
      { ...fresh, brand: null },
    ]);
    expect((await history(subjectId)).at(-1)).toMatchObject({ cause: 'facts', permission: { allowed: true } });
  });

  it('are kept in every version: who said so, since when, what was known before, and what followed', async () => {
    const subjectId = randomUUID();
    const line = { level: 'line', id: randomUUID() };
    await put(subjectId, { scopes: [line] });
    await put(subjectId, { scopes: [line] });
    await put(subjectId, { brand: 'scarlet', minor: null, scopes: [{ ...line, validUntil: '2026-01-01T00:00:00Z' }] });
    const { body } = await app.call<object[]>('GET', `/v1/subjects/${subjectId}/facts/history`);
    const { version } = (await app.call<{ version: number }>('GET', `/v1/subjects/${subjectId}`)).body;
    expect(version).toBeGreaterThan(4);
    expect(body).toMatchObject([
      {
        factsVersion: 1,
        caller: 'web',
        channel: 'subject',
        facts: { brand: 'proximus', minor: false },
        scopes: [{ ...line, validUntil: null }],
        entries: { after: 0, upTo: 4 },
      },
      {
        factsVersion: 2,
        facts: { brand: 'scarlet', minor: null },
        scopes: [{ ...line, validUntil: '2026-01-01T00:00:00.000Z' }],
        entries: { after: 4, upTo: version },
      },
    ]);
    const none = await app.call('GET', `/v1/subjects/${randomUUID()}/facts/history`);
    expect(none).toMatchObject({ status: 404, body: { type: 'urn:consent:problem:facts-unknown' } });
  });

  it('tell in their history how each version came: about one person, in a file of many, with a transfer', async () => {
    const [from, to, id] = [randomUUID(), randomUUID(), randomUUID()];
    await put(from, { scopes: [{ level: 'line', id }] });
    await app.call('POST', '/v1/facts/batch', { body: [{ subjectId: from, ...someFacts({ minor: null }) }] });
    expect((await app.call('POST', `/v1/scopes/${id}/transfer`, { body: { toSubjectId: to } })).status).toBe(201);
    const { body } = await app.call<{ channel: string }[]>('GET', `/v1/subjects/${from}/facts/history`);
    expect(body.map(({ channel }) => channel)).toEqual(['subject', 'batch', 'transfer']);
  });

  it('whose history the service itself cannot change', async () => {
    for (const table of ['facts_version', 'scope_version', 'full_marketing_objection', 'bundle_closing'])
      for (const sql of [`UPDATE ${table} SET caller = caller`, `DELETE FROM ${table}`])
        await expect(app.sql.query(sql)).rejects.toMatchObject({ code: '42501' });
  });

  it('open no contact point that is added after an objection to all marketing, and every system is told', async () => {
    const subjectId = randomUUID();
    await put(subjectId);
    await app.call('POST', '/v1/bundles', { body: { subjectId, kind: 'object-marketing', channel: 'call-centre' } });
    const before = (await history(subjectId)).length;
    await put(subjectId, { scopes: [{ level: 'contact_point', id: randomUUID(), kind: 'phone' }] });
    expect(
      (await history(subjectId)).slice(before).map(({ purposeId, permission }) => [purposeId, permission]),
    ).toEqual(
      ['contact-by-phone', 'contact-by-sms'].map((purposeId) => [
        purposeId,
        { allowed: false, reason: 'full_marketing_objection', nextChangeAt: null },
      ]),
    );
  });

  it('of many come line by line; bad lines hold no good one back', async () => {
    const [one, two] = [randomUUID(), randomUUID()];
    const { body } = await app.call('POST', '/v1/facts/batch', {
      body: [
        { subjectId: one, ...someFacts() },
        { subjectId: two, ...someFacts({ roles: ['king'] }) },
        { subjectId: two, ...someFacts({ roles: ['prospect'] }) },
        { subjectId: two, ...someFacts({ minor: true }) },
      ],
    });
    expect(body).toMatchObject([{ status: 200 }, { status: 422 }, { status: 200 }, { status: 200 }]);
    expect((await app.call('GET', `/v1/subjects/${two}`)).body).toMatchObject({ facts: { minor: true } });
  });

  it.each(['contractStart', 'contractEnd', 'validFrom', 'validUntil'])(
    'whose %s lies beyond 2200 are refused: what follows from them would have no date of four-digit years',
    async (field) => {
      const told = (at: string) => {
        const scope = { level: 'line', id: randomUUID() };
        const body = field.startsWith('valid')
          ? someFacts({ scopes: [{ ...scope, [field]: at }] })
          : someFacts({ [field]: at });
        return app.call('PUT', `/v1/subjects/${randomUUID()}/facts`, { body });
      };
      expect(await told('9999-12-31T23:59:59Z')).toMatchObject({
        status: 422,
        body: {
          type: 'urn:consent:problem:invalid-input',
          errors: [
            {
              path: expect.stringMatching(new RegExp(`${field}$`)),
              expected: 'a date and time from 1900-01-01 on, before 2200-01-01',
            },
          ],
        },
      });
      expect(await told('2199-12-31T23:59:59Z')).toMatchObject({ status: 200 });
    },
  );

  it('of one subject are those of a private or of a business contact, never of both (C44)', async () => {
    const [both, business] = [randomUUID(), randomUUID()];
    const mixed = someFacts({ roles: ['customer', 'customer-professional'] });
    const said = /roles: .*either private roles or customer-professional and prospect-professional/;
    const put = await app.call('PUT', `/v1/subjects/${both}/facts`, { body: mixed });
    expect([put.status, JSON.stringify(put.body)]).toEqual([422, expect.stringMatching(said)]);
    const firm = someFacts({ roles: ['customer-professional', 'prospect-professional'] });
    const lines = [
      { subjectId: both, ...mixed },
      { subjectId: business, ...firm },
    ];
    const { body } = await app.call('POST', '/v1/facts/batch', { body: lines });
    expect(body).toMatchObject([{ status: 422 }, { status: 200 }]);
    expect(JSON.stringify(body)).toMatch(said);
    expect((await app.call('GET', `/v1/subjects/${both}`)).status).toBe(404);
  });

  it('decide the answer to "may I?": a purpose nobody decided about says why it is closed or open', async () => {
    const subjectId = randomUUID();
    const ask = async (): Promise<unknown> =>
      (
        await app.call(
          'GET',
          `/v1/subjects/${subjectId}/permissions?purpose=customer-newsletter&purpose=prospect-newsletter&purpose=unheard-of`,
        )
      ).body;
    expect(await ask()).toMatchObject([
      { allowed: false, reason: 'facts_missing' },
      { allowed: false, reason: 'closed_by_default' },
      { allowed: false, reason: 'purpose_unknown' },
    ]);
    await put(subjectId);
    expect(await ask()).toMatchObject([
      {
        purposeId: 'customer-newsletter',
        allowed: true,
        reason: 'open_by_default',
        sentence: { nl: expect.any(String) as unknown },
      },
      { allowed: false, reason: 'closed_by_default' },
      { allowed: false, reason: 'purpose_unknown' },
    ]);
  });
});
