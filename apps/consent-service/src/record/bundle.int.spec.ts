import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { someFacts, specApp, type SpecApp } from '../spec-app.js';

interface Bundle {
  bundleId: string;
  changed: { purposeId: string; status: string; bundleId: string; version: number; permission: { allowed: boolean } }[];
  unchanged: number;
}
interface Permission {
  purposeId: string;
  allowed: boolean;
  reason: string;
}

/** Entries that the facts of a customer and prospect leave: of what is for others. */
const OF_FACTS = 4;

describe('a bundle', () => {
  let app: SpecApp;
  beforeAll(async () => {
    app = await specApp();
  }, 30_000);
  afterAll(() => app.close());

  const newSubject = async (): Promise<string> => {
    const id = randomUUID();
    await app.call('PUT', `/v1/subjects/${id}/facts`, {
      body: someFacts({ scopes: [{ level: 'contact_point', id: randomUUID(), kind: 'phone' }] }),
    });
    return id;
  };
  const permissions = async (id: string): Promise<Permission[]> =>
    (await app.call<Permission[]>('GET', `/v1/subjects/${id}/permissions`)).body;

  it('closes what is open by default too, and says exactly what changed', async () => {
    const subjectId = await newSubject();
    const reached = new Set(app.catalogue.bundles.get('withdraw-all')?.purposes);
    const open = (await permissions(subjectId)).filter((p) => p.allowed && reached.has(p.purposeId));
    expect(open.length).toBeGreaterThan(3);
    const { status, body } = await app.call<Bundle>('POST', '/v1/bundles', {
      body: { subjectId, kind: 'withdraw-all', channel: 'call-centre' },
    });
    expect(status).toBe(201);
    expect(body.changed.map(({ purposeId }) => purposeId)).toEqual(
      expect.arrayContaining(open.map(({ purposeId }) => purposeId)),
    );
    expect(body.changed.every((d) => d.bundleId === body.bundleId && !d.permission.allowed)).toBe(true);
    expect(body.changed.map(({ version }) => version)).toEqual(body.changed.map((_, i) => OF_FACTS + i + 1));
    expect((await permissions(subjectId)).filter((p) => p.allowed && reached.has(p.purposeId))).toEqual([]);
  });

  it('a second time changes nothing', async () => {
    const subjectId = await newSubject();
    const send = () =>
      app.call<Bundle>('POST', '/v1/bundles', { body: { subjectId, kind: 'withdraw-all', channel: 'web' } });
    const first = await send();
    const second = await send();
    expect(second.body.changed).toEqual([]);
    expect(second.body.unchanged).toBe(first.body.changed.length + first.body.unchanged);
  });

  it.each([
    ['object-marketing', 'of whom facts are known', true],
    ['object-marketing', 'of whom nothing is known', false],
    ['object-marketing-fully', 'of whom facts are known', true],
    ['withdraw-all', 'of whom facts are known', true],
  ])('%s of someone %s reaches contact points that are added later, and tells the systems', async (kind, _, known) => {
    const subjectId = known ? await newSubject() : randomUUID();
    await app.call('POST', '/v1/bundles', { body: { subjectId, kind, channel: 'web' } });
    const scope = randomUUID();
    await app.call('PUT', `/v1/subjects/${subjectId}/facts`, {
      body: someFacts({ scopes: [{ level: 'contact_point', id: scope, kind: 'email' }] }),
    });
    const { body } = await app.call<Permission[]>(
      'GET',
      `/v1/subjects/${subjectId}/permissions?purpose=contact-by-email&scope=${scope}`,
    );
    expect(body).toMatchObject([{ allowed: false, reason: 'full_marketing_objection' }]);
    const { rows } = await app.sql.query(
      'SELECT direction, reason, cause FROM ledger WHERE scope_id = $1 ORDER BY position',
      [scope],
    );
    expect(rows).toEqual([{ direction: 'closing', reason: 'full_marketing_objection', cause: 'facts' }]);
  });

  it('of a person as a private contact leaves what the same person chose as a business contact alone (C44)', async () => {
    const [asPerson, asBusiness] = [await newSubject(), await newSubject()];
    const before = await permissions(asBusiness);
    await app.call('POST', '/v1/bundles', {
      body: { subjectId: asPerson, kind: 'object-marketing-fully', channel: 'call-centre' },
    });
    expect((await permissions(asPerson)).some(({ reason }) => reason === 'objected')).toBe(true);
    expect(await permissions(asBusiness)).toEqual(before);
  });

  const custom = (subjectId: string, ...items: [string, string][]) => ({
    subjectId,
    kind: 'custom',
    channel: 'web',
    items: items.map(([purposeId, status]) => ({ scope: { level: 'person', id: subjectId }, purposeId, status })),
  });

  it('of the caller’s own items records them in order', async () => {
    const subjectId = await newSubject();
    const { body } = await app.call<Bundle>('POST', '/v1/bundles', {
      body: custom(subjectId, ['prospect-newsletter', 'given'], ['prospect-newsletter', 'withdrawn']),
    });
    expect(body.changed.map(({ status, version }) => [status, version])).toEqual([
      ['given', OF_FACTS + 1],
      ['withdrawn', OF_FACTS + 2],
    ]);
  });

  it('is one act: where an item cannot be recorded none is, and each such item is named with its problem', async () => {
    const subjectId = await newSubject();
    const key = randomUUID();
    const { status, body } = await app.call('POST', '/v1/bundles', {
      key,
      body: custom(
        subjectId,
        ['prospect-newsletter', 'given'],
        ['prospect-newsletter', 'objected'],
        ['no-such-purpose', 'withdrawn'],
      ),
    });
    expect([status, body]).toMatchObject([
      422,
      {
        type: 'urn:consent:problem:bundle-refused',
        detail: expect.stringMatching(/2 of 3 items .*items\.1: .*items\.2: .*expected none/) as unknown,
        refused: [
          {
            item: 1,
            problem: { type: 'urn:consent:problem:status-not-of-choice-model', openTransitions: expect.anything() },
          },
          { item: 2, problem: { type: 'urn:consent:problem:purpose-unknown' } },
        ],
      },
    ]);
    for (const table of ['ledger', 'current_state', 'outbox'])
      expect((await app.sql.query(`SELECT FROM ${table} WHERE subject_id = $1`, [subjectId])).rowCount).toBe(OF_FACTS);
    const mended = await app.call('POST', '/v1/bundles', {
      key,
      body: custom(subjectId, ['prospect-newsletter', 'given']),
    });
    expect(mended.status).toBe(201);
  });

  describe('about one address', () => {
    const point = (kind: 'email' | 'phone') => ({ level: 'contact_point', id: randomUUID(), kind });
    const unsubscribe = (subjectId: string, over: object) =>
      app.call<Bundle>('POST', '/v1/bundles', {
        body: { subjectId, kind: 'email-unsubscribe', channel: 'email-unsubscribe', ...over },
      });
    const withPoints = async (...scopes: object[]): Promise<string> => {
      const subjectId = randomUUID();
      await app.call('PUT', `/v1/subjects/${subjectId}/facts`, { body: someFacts({ scopes }) });
      return subjectId;
    };
    const isOpen = async (subjectId: string, purposeId: string, scopeId?: string): Promise<boolean | undefined> => {
      const scope = scopeId === undefined ? '' : `&scope=${scopeId}`;
      const asked = `/v1/subjects/${subjectId}/permissions?purpose=${purposeId}${scope}`;
      return (await app.call<Permission[]>('GET', asked)).body[0]?.allowed;
    };

    it('ends the newsletter and the e-mail to it, no other address and no other channel (C19)', async () => {
      const [one, other, phone] = [point('email'), point('email'), point('phone')];
      const subjectId = await withPoints(one, other, phone);
      const { status } = await unsubscribe(subjectId, { scope: { level: one.level, id: one.id } });
      expect(status).toBe(201);
      expect(await isOpen(subjectId, 'customer-newsletter')).toBe(false);
      expect(await isOpen(subjectId, 'contact-by-email', one.id)).toBe(false);
      expect(await isOpen(subjectId, 'contact-by-email', other.id)).toBe(true);
      expect(await isOpen(subjectId, 'contact-by-phone', phone.id)).toBe(true);
      expect(await isOpen(subjectId, 'customer-direct-marketing')).toBe(true);
    });

    it('is a no at its own moment also where one stands: a yes from before it opens the address no more', async () => {
      const one = point('email');
      const subjectId = await withPoints(one);
      const scope = { level: one.level, id: one.id };
      await unsubscribe(subjectId, { scope, decidedAt: '2026-11-01T10:00:00Z' });
      await unsubscribe(subjectId, { scope, decidedAt: '2026-11-03T10:00:00Z' });
      const lift = (decidedAt: string) =>
        app.call('POST', '/v1/decisions', {
          body: {
            subjectId,
            scope,
            purposeId: 'contact-by-email',
            status: 'objection_lifted',
            channel: 'web',
            decidedAt,
          },
        });
      await lift('2026-11-02T10:00:00Z');
      expect(await isOpen(subjectId, 'contact-by-email', one.id)).toBe(false);
      await lift('2026-11-04T10:00:00Z');
      expect(await isOpen(subjectId, 'contact-by-email', one.id)).toBe(true);
    });

    it('is taken for an address that is registered as of another kind', async () => {
      const phone = point('phone');
      const subjectId = await withPoints(phone);
      expect(await unsubscribe(subjectId, { scope: { level: phone.level, id: phone.id } })).toMatchObject({
        status: 201,
      });
      const { body } = await app.call('GET', `/v1/subjects/${subjectId}/permissions?purpose=customer-newsletter`);
      expect(body).toMatchObject([{ allowed: false, reason: 'objected' }]);
    });

    it('is refused without it, with one of another level, and a bundle about none with one', async () => {
      const phone = point('phone');
      const subjectId = await withPoints(phone);
      const person = { level: 'person', id: subjectId };
      const refusals = [
        await unsubscribe(subjectId, {}),
        await unsubscribe(subjectId, { scope: person }),
        await unsubscribe(subjectId, { scope: person, kind: 'withdraw-all' }),
      ];
      expect(refusals.map(({ status, body }) => [status, body])).toMatchObject([
        [422, { detail: 'body scope: found none; expected the contact_point that email-unsubscribe is about' }],
        [422, { detail: 'body scope: found person; expected the contact_point that email-unsubscribe is about' }],
        [422, { detail: 'body scope: found person; expected no scope with withdraw-all' }],
      ]);
      expect((await app.sql.query('SELECT FROM ledger WHERE subject_id = $1', [subjectId])).rowCount).toBe(OF_FACTS);
    });
  });

  it('that the catalogue does not know is refused with those it knows', async () => {
    const answer = await app.call('POST', '/v1/bundles', {
      body: { subjectId: randomUUID(), kind: 'everything', channel: 'web' },
    });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('withdraw-all');
  });
});
