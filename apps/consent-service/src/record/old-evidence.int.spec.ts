import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { aDecision, type Answer, someFacts, specApp, type SpecApp } from '../spec-app.js';

jest.setTimeout(60_000);

interface Scope {
  level: string;
  id: string;
}
interface Permission {
  purposeId: string;
  scope: Scope;
  allowed: boolean;
  reason: string;
}
interface Why extends Permission {
  steps: { kind: string; standing?: string; bundle?: object; sentence: string }[];
}

describe('evidence that comes in late', () => {
  let app: SpecApp;
  beforeAll(async () => {
    app = await specApp();
  }, 30_000);
  afterAll(() => app.close());

  const person = async (known: boolean): Promise<string> => {
    const id = randomUUID();
    if (known) await app.call('PUT', `/v1/subjects/${id}/facts`, { body: someFacts() });
    return id;
  };
  const decide = async (body: Record<string, unknown> & { subjectId: string }): Promise<Answer> => {
    const answer = await app.call('POST', '/v1/decisions', { body: aDecision(body) });
    expect({ status: answer.status, text: answer.text }).toMatchObject({ status: 201 });
    return answer;
  };
  const bundle = async (subjectId: string, kind: string, decidedAt?: string): Promise<void> => {
    const body = { subjectId, kind, channel: 'call-centre', decidedAt };
    expect((await app.call('POST', '/v1/bundles', { body })).status).toBe(201);
  };
  const may = async (subjectId: string, query = ''): Promise<Permission[]> =>
    (await app.call<Permission[]>('GET', `/v1/subjects/${subjectId}/permissions${query}`)).body;
  const why = async (subjectId: string, purpose: string, scope: Scope, at?: string): Promise<Why> =>
    (
      await app.call<Why>(
        'GET',
        `/v1/subjects/${subjectId}/why?purpose=${purpose}&scope=${scope.id}${at ? `&at=${at}` : ''}`,
      )
    ).body;
  const ago = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();
  const scopeOf = (level: string, subjectId: string): Scope => ({
    level,
    id: level === 'person' ? subjectId : randomUUID(),
  });

  it.each([
    ['withdraw-all', 'market-research-participation', 'person', 'nothing'],
    ['withdraw-all', 'market-research-participation', 'person', 'withdrawn'],
    ['withdraw-all', 'market-research-participation', 'person', 'requested'],
    ['withdraw-all', 'prospect-newsletter', 'person', 'nothing'],
    ['withdraw-all', 'directory-contact-listing', 'line', 'nothing'],
    ['object-marketing-fully', 'ads-data-targeted-advertising', 'person', 'refused'],
    ['myproximus-tailored-offers', 'tailored-offers-web-app-usage', 'account', 'nothing'],
  ])(
    '%s: a yes to %s of a %s, where %s stood before, opens nothing when it is older',
    async (kind, purposeId, level, stood) => {
      const subjectId = await person(true);
      const scope = scopeOf(level, subjectId);
      const about = { subjectId, scope, purposeId };
      if (stood !== 'nothing') await decide({ ...about, status: stood, decidedAt: ago(50) });
      await bundle(subjectId, kind, ago(30));
      const late = await decide({ ...about, decidedAt: ago(40) });
      expect(late.body).toMatchObject({
        status: 'given',
        effective: false,
        permission: { allowed: false, reason: 'evidence_older_than_closing' },
      });
      const answered = async () => (await may(subjectId, `?purpose=${purposeId}`)).map(({ allowed }) => allowed);
      expect(await answered()).toEqual([false]);
      const told = await why(subjectId, purposeId, scope);
      const [permission] = await may(subjectId, `?purpose=${purposeId}`);
      expect([told.allowed, told.reason]).toEqual([false, permission?.reason]);
      expect(told.steps).toEqual(
        expect.arrayContaining([
          expect.objectContaining({
            kind: 'bundle',
            bundle: expect.objectContaining({ kind, caller: 'web' }) as unknown,
          }),
          expect.objectContaining({ kind: 'decision', standing: 'evidence-only' }),
        ]),
      );
      const { rows } = await app.sql.query(
        `SELECT direction, allowed, effective FROM ledger JOIN outbox USING (position)
        WHERE ledger.subject_id = $1 AND ledger.status = 'given'`,
        [subjectId],
      );
      expect(rows).toEqual([{ direction: 'closing', allowed: false, effective: false }]);

      // Neither other facts nor the passing of the bundle's moment bring it to life; what is newer does.
      await app.call('PUT', `/v1/subjects/${subjectId}/facts`, { body: someFacts({ brand: 'scarlet' }) });
      await app.call('PUT', `/v1/subjects/${subjectId}/facts`, { body: someFacts() });
      expect(await answered()).toEqual([false]);
      const before = new Date().toISOString();
      await decide({ ...about, decidedAt: ago(20) });
      expect(await answered()).toEqual([true]);
      expect(await why(subjectId, purposeId, scope)).toMatchObject({ allowed: true, reason: 'given' });
      expect(await why(subjectId, purposeId, scope, before)).toMatchObject({ allowed: false, reason: told.reason });
    },
  );

  it('a moment between a bundle and a yes is told by what was known then', async () => {
    const subjectId = await person(true);
    const scope = scopeOf('person', subjectId);
    const purposeId = 'market-research-participation';
    const first = new Date().toISOString();
    await app.sql.query('SELECT pg_sleep(0.002)');
    await bundle(subjectId, 'withdraw-all', ago(30));
    const kindsAt = async (at?: string) => (await why(subjectId, purposeId, scope, at)).steps.map(({ kind }) => kind);
    expect(await kindsAt(first)).toEqual(['purpose']);
    expect(await kindsAt()).toEqual(['purpose', 'bundle']);
  });

  it('an objection that stood before the bundle is lifted by evidence newer than the bundle alone', async () => {
    const subjectId = await person(true);
    const about = { subjectId, purposeId: 'market-research-invitations' };
    await decide({ ...about, status: 'objected', decidedAt: ago(50) });
    await bundle(subjectId, 'withdraw-all', ago(30));
    const late = await decide({ ...about, status: 'objection_lifted', decidedAt: ago(40) });
    expect(late.body).toMatchObject({ effective: false, permission: { allowed: false } });
    const newer = await decide({ ...about, status: 'objection_lifted', decidedAt: ago(20) });
    expect(newer.body).toMatchObject({ effective: true });
  });

  it('a yes that waits for its confirmation is closed by the bundle, and cannot be confirmed after it', async () => {
    const subjectId = await person(true);
    const body = aDecision({ subjectId, channel: 'web-sign-up', decidedAt: ago(40) });
    const { body: request } = await app.call('POST', '/v1/decisions', { body });
    expect(request).toMatchObject({ status: 'requested' });
    await bundle(subjectId, 'withdraw-all', ago(30));
    const answer = await app.call('POST', `/v1/decisions/${String(request['decisionId'])}/confirmation`, {
      body: { channel: 'email' },
    });
    expect([answer.status, answer.body]).toMatchObject([409, { type: 'urn:consent:problem:confirmation-not-awaited' }]);
  });

  it.each(['object-marketing', 'object-marketing-fully', 'withdraw-all'])(
    '%s of a person of whom nothing is known opens nothing, though a brand was named for a line, a device or an account',
    async (kind) => {
      const subjectId = await person(false);
      for (const [level, purposeId, status] of [
        ['line', 'directory-contact-listing', 'given'],
        ['device', 'advertising-cookies', 'given'],
        ['account', 'pickx-personalised-tv-ads', 'given'],
        ['account', 'customer-service-support', 'objection_submitted'],
      ] as const)
        await decide({ subjectId, scope: scopeOf(level, subjectId), purposeId, status, brand: 'proximus' });
      const open = async () =>
        (await may(subjectId)).flatMap((p) => (p.allowed ? [`${p.purposeId} ${p.scope.id}`] : []));
      const before = await open();
      await bundle(subjectId, kind);
      expect(await open()).toEqual(before);
    },
  );
});
