import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aDecision, someFacts, specApp, type SpecApp, TOKENS } from '../spec-app.js';
import { languageOf } from './language-of.js';

interface Why {
  allowed: boolean;
  reason: string;
  sentence: string;
  scope: object;
  factsAt: string | null;
  steps: { kind: string; sentence: string; standing?: string; rule?: string }[];
  wouldChange: { sentence: string; changes: { kind: string; purposeId: string; status: string; scope: object }[] }[];
}
interface Permission {
  purposeId: string;
  scope: { id: string };
  allowed: boolean;
  reason: string;
}

describe('why', () => {
  let app: SpecApp;
  beforeAll(async () => {
    app = await specApp();
  }, 30_000);
  afterAll(() => app.close());

  const [account, phone, mail] = [randomUUID(), randomUUID(), randomUUID()];
  const someone = async (over: Record<string, unknown> = {}): Promise<string> => {
    const id = randomUUID();
    await app.call('PUT', `/v1/subjects/${id}/facts`, { body: someFacts(over) });
    return id;
  };
  const ask = (id: string, query: string, options = {}) =>
    app.call<Why>('GET', `/v1/subjects/${id}/why?${query}`, options);
  const decide = async (subjectId: string, over: Record<string, unknown> = {}): Promise<void> => {
    const { status, text } = await app.call('POST', '/v1/decisions', { body: aDecision({ subjectId, ...over }) });
    expect({ status, text }).toMatchObject({ status: 201 });
  };

  it('explains the very answer that "may I?" gives, for every purpose and scope of a person', async () => {
    const id = await someone({
      contractEnd: '2026-10-01T00:00:00Z',
      scopes: [
        { level: 'account', id: account, brand: 'scarlet' },
        { level: 'contact_point', id: phone, kind: 'phone' },
        { level: 'contact_point', id: mail, kind: 'email' },
      ],
    });
    await decide(id);
    await app.call('POST', '/v1/bundles', { body: { subjectId: id, kind: 'tv-menu-no-promotion', channel: 'tv' } });
    const { body } = await app.call<Permission[]>('GET', `/v1/subjects/${id}/permissions`);
    expect(new Set(body.map(({ reason }) => reason)).size).toBeGreaterThan(4);
    for (const { purposeId, scope, allowed, reason } of body) {
      const why = await ask(id, `purpose=${purposeId}&scope=${scope.id}`);
      expect(why.body).toMatchObject({ allowed, reason, scope });
    }
  }, 60_000);

  it('tells of a bundle before what came right after it: a contact point, or a yes', async () => {
    const id = await someone();
    await app.call('POST', '/v1/bundles', {
      body: { subjectId: id, kind: 'object-marketing', channel: 'call-centre' },
    });
    const mobile = randomUUID();
    const scopes = [{ level: 'contact_point', id: mobile, kind: 'phone' }];
    await app.call('PUT', `/v1/subjects/${id}/facts`, { body: someFacts({ scopes }) });
    const kinds = async (query: string): Promise<string[]> =>
      (await ask(id, query)).body.steps.map(({ kind }) => kind).filter((kind) => kind !== 'rule');
    for (const channel of ['contact-by-phone', 'contact-by-sms'])
      expect(await kinds(`purpose=${channel}&scope=${mobile}`)).toEqual(['purpose', 'bundle', 'decision']);
    const newcomer = await someone();
    const body = { subjectId: newcomer, kind: 'myproximus-tailored-offers', channel: 'call-centre' };
    expect((await app.call('POST', '/v1/bundles', { body })).status).toBe(201);
    const ours = { level: 'account', id: randomUUID() };
    await decide(newcomer, { purposeId: 'tailored-offers-service-usage', status: 'given', scope: ours });
    const { steps } = (await ask(newcomer, 'purpose=tailored-offers-service-usage')).body;
    expect(steps.slice(0, 3)).toMatchObject([{ kind: 'purpose' }, { kind: 'bundle' }, { standing: 'in-force' }]);
  });

  it('names a decision that turns the answer round when it is recorded', async () => {
    const id = await someone();
    for (const expected of [true, false, true]) {
      const before = await ask(id, 'purpose=prospect-newsletter');
      const [change] = before.body.wouldChange.flatMap(({ changes }) =>
        changes.length === 1 && changes[0]?.kind === 'decision' ? changes : [],
      );
      await decide(id, { purposeId: change?.purposeId, status: change?.status, scope: change?.scope });
      expect((await ask(id, 'purpose=prospect-newsletter')).body.allowed).toBe(expected);
    }
  });

  it('tells of the past as it was then, and of the future as it will be', async () => {
    const id = await someone({ contractEnd: '2026-10-01T00:00:00Z' });
    const before = new Date().toISOString();
    await decide(id, { purposeId: 'customer-newsletter', status: 'objected' });
    const query = 'purpose=customer-newsletter';
    expect((await ask(id, query)).body).toMatchObject({ allowed: false, reason: 'objected' });
    const then = await ask(id, `${query}&at=${before}`);
    expect(then.body).toMatchObject({ allowed: true, reason: 'open_by_default' });
    expect(then.body.steps.filter(({ kind }) => kind === 'decision')).toEqual([]);
    await decide(id, { purposeId: 'customer-newsletter', status: 'objection_lifted' });
    const later = await ask(id, `${query}&at=2031-10-02T00:00:00Z`);
    expect(later.body).toMatchObject({ allowed: false, reason: 'period_after_contract_over' });
    const muchEarlier = await ask(id, `${query}&at=2020-01-01T00:00:00Z`);
    expect(muchEarlier.body).toMatchObject({ reason: 'facts_missing', factsAt: null });
    const scarlet = someFacts({ brand: 'scarlet', roles: ['prospect'] });
    await app.call('PUT', `/v1/subjects/${id}/facts`, { body: scarlet });
    expect((await ask(id, query)).body.reason).toBe('role_not_covered');
    expect((await ask(id, `${query}&at=${before}`)).body).toMatchObject({ reason: 'open_by_default' });
  });

  it('speaks the language asked for, or the one the caller prefers', async () => {
    const id = await someone();
    const sentence = async (query: string, headers = {}) => {
      const answer = await ask(id, `purpose=prospect-newsletter${query}`, { headers });
      return [answer.headers.get('content-language'), answer.body.sentence];
    };
    expect(await sentence('')).toEqual(['en', 'This needs your consent and you have not given it.']);
    expect(await sentence('', { 'accept-language': 'de, fr-BE;q=0.7, nl;q=0.8' })).toEqual([
      'nl',
      'Hiervoor is uw toestemming nodig en die hebt u niet gegeven.',
    ]);
    expect((await sentence('&language=fr', { 'accept-language': 'nl' }))[0]).toBe('fr');
  });

  it.each([
    [undefined, 'en'],
    ['*', 'en'],
    ['fr;q=0, nl;q=0.1', 'nl'],
    [';;,q=,fr;q=x', 'en'],
    ['NL-be', 'nl'],
  ])('takes Accept-Language %s for %s', (header, language) => expect(languageOf(header)).toBe(language));

  it('explains the answer about someone of whom nothing is known', async () => {
    const { status, body } = await ask(randomUUID(), 'purpose=customer-newsletter');
    expect(status).toBe(200);
    expect(body).toMatchObject({ allowed: false, reason: 'facts_missing', factsAt: null });
    expect(body.steps.at(-1)?.kind).toBe('facts-missing');
  });

  it('holds no id of a source system’s event and no attribute of a decision', async () => {
    const id = await someone();
    await decide(id, { origin: { system: 'crm', eventId: 'case:4711' }, attributes: { page: 'contact-us' } });
    const { text } = await ask(id, 'purpose=prospect-newsletter');
    expect(text).toContain('"originSystem":"crm"');
    expect(text).not.toMatch(/4711|contact-us/);
  });

  describe('refuses', () => {
    it('a purpose the catalogue does not know', async () => {
      const { status, text } = await ask(randomUUID(), 'purpose=nothing-known');
      expect([status, text]).toEqual([404, expect.stringContaining('urn:consent:problem:purpose-unknown')]);
    });
    it('to choose between several scopes, and names them', async () => {
      const [a, b] = [randomUUID(), randomUUID()];
      const id = await someone({ scopes: [a, b].map((line) => ({ level: 'line', id: line })) });
      const { status, text } = await ask(id, 'purpose=directory-contact-listing');
      expect([status, text]).toEqual([400, expect.stringContaining('urn:consent:problem:scope-needed')]);
      expect(text).toContain(a);
      expect(text).toContain(b);
    });
    it('a scope the subject does not have', async () => {
      const { status, text } = await ask(await someone(), `purpose=directory-contact-listing&scope=${randomUUID()}`);
      expect([status, text]).toEqual([404, expect.stringContaining('urn:consent:problem:scope-unknown')]);
    });
    it.each([
      ['', 'purpose'],
      ['purpose=customer-newsletter&at=yesterday', 'at'],
      ['purpose=customer-newsletter&language=de', 'language'],
      ['purpose=customer-newsletter&scope=1', 'scope'],
      ['purpose=customer-newsletter&subject=1', 'subject'],
    ])('the query %p and names %s', async (query, field) => {
      const { status, text } = await ask(randomUUID(), query);
      expect(status).toBe(400);
      expect(text).toContain(`"${field}"`);
    });
    it('a caller that may not read', async () => {
      const { status } = await ask(randomUUID(), 'purpose=customer-newsletter', { token: TOKENS.feed });
      expect(status).toBe(403);
    });
  });
});
