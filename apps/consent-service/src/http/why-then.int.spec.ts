import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type CatalogueFile } from '@consent/consent-rules';
import { until } from '@consent/testing';
import { catalogueFiles } from '../catalogue/catalogue-files.js';
import { type CatalogueChange } from '../catalogue/read-change.js';
import { aDecision, someFacts, specApp, type SpecApp, TOKENS } from '../spec-app.js';

jest.setTimeout(60_000);

interface Source {
  recordedAt: string;
  by: string;
  channel: string | null;
  factsVersion: number | null;
}
interface Why {
  at: string;
  title: string;
  allowed: boolean;
  reason: string;
  catalogueVersion: string;
  factsAt: string | null;
  knownSince: string;
  steps: {
    kind: string;
    rule?: string;
    decision?: object;
    facts?: { fact: string; value: unknown; source: Source | null; sentence: string }[];
  }[];
}

describe('why at a moment that has passed', () => {
  let app: SpecApp;
  beforeAll(async () => {
    app = await specApp();
  }, 30_000);
  afterAll(() => app.close());

  const put = async (id: string, over: Record<string, unknown> = {}, token: string = TOKENS.web): Promise<void> => {
    const { status, text } = await app.call('PUT', `/v1/subjects/${id}/facts`, { token, body: someFacts(over) });
    expect({ status, text }).toMatchObject({ status: 200 });
  };
  const someone = async (over: Record<string, unknown> = {}): Promise<string> => {
    const id = randomUUID();
    await put(id, over);
    return id;
  };
  const decide = async (subjectId: string, over: Record<string, unknown>): Promise<void> => {
    const { status, text } = await app.call('POST', '/v1/decisions', { body: aDecision({ subjectId, ...over }) });
    expect({ status, text }).toMatchObject({ status: 201 });
  };
  const objectFully = async (subjectId: string, over: Record<string, unknown> = {}): Promise<void> => {
    const body = { subjectId, kind: 'object-marketing', channel: 'call-centre', ...over };
    expect((await app.call('POST', '/v1/bundles', { body })).status).toBe(201);
  };
  const ask = async (id: string, purpose: string, query: Record<string, string> = {}): Promise<Why> => {
    const asked = new URLSearchParams({ purpose, ...query });
    const { status, text, body } = await app.call<Why>('GET', `/v1/subjects/${id}/why?${asked.toString()}`);
    expect({ status, text }).toMatchObject({ status: 200 });
    return body;
  };
  /** This moment, once it has passed: what is recorded later is recorded after it. */
  const now = (): string => {
    const at = Date.now();
    while (Date.now() === at);
    return new Date(at).toISOString();
  };
  const point = (id: string) => ({ level: 'contact_point', id, kind: 'phone' });

  describe('judges by the accounts, lines and contact points as they were known', () => {
    it('their brand, their kind and their validity', async () => {
      const [account, mobile, line] = [randomUUID(), randomUUID(), randomUUID()];
      const scopes = [{ level: 'account', id: account, brand: 'proximus' }, point(mobile), { level: 'line', id: line }];
      const id = await someone({ scopes });
      const then = now();
      await put(id, {
        scopes: [
          { level: 'account', id: account, brand: 'other' },
          { ...point(mobile), kind: 'email' },
          { level: 'line', id: line, validUntil: '2020-01-01T00:00:00Z' },
        ],
      });
      const both = async (purpose: string, scope: string) =>
        [await ask(id, purpose, { scope, at: then }), await ask(id, purpose, { scope })].map(({ reason }) => reason);
      expect(await both('pickx-on-screen-promotion', account)).toEqual(['open_by_default', 'brand_unknown']);
      expect(await both('directory-contact-listing', line)).toEqual(['closed_by_default', 'closed_by_default']);
      expect((await ask(id, 'contact-by-phone', { scope: mobile, at: then })).reason).toBe('open_by_default');
      const gone = await app.call('GET', `/v1/subjects/${id}/why?purpose=contact-by-phone&scope=${mobile}`);
      expect(gone.text).toContain('urn:consent:problem:scope-not-reached');
    });

    it('of which a later one was not there', async () => {
      const id = await someone();
      const then = now();
      const mobile = randomUUID();
      await put(id, { scopes: [point(mobile)] });
      const asked = `/v1/subjects/${id}/why?purpose=contact-by-phone`;
      expect((await app.call('GET', asked)).status).toBe(200);
      const { status, text } = await app.call('GET', `${asked}&at=${then}`);
      expect([status, text]).toEqual([404, expect.stringContaining('none is known')]);
    });

    it.each([['with facts'], ['without facts']])('a line of someone %s before it passed to another', async (known) => {
      const [from, to, line] = [randomUUID(), await someone(), randomUUID()];
      if (known === 'with facts') await put(from, { scopes: [{ level: 'line', id: line }] });
      await decide(from, {
        scope: { level: 'line', id: line },
        purposeId: 'directory-contact-listing',
        decidedAt: '2026-01-01T00:00:00Z',
      });
      const before = now();
      await app.call('POST', `/v1/scopes/${line}/transfer`, { body: { toSubjectId: to } });
      await put(from);
      const after = now();
      await put(from, { brand: 'scarlet' });
      const reason = async (at: string) => (await ask(from, 'directory-contact-listing', { at })).reason;
      expect(await reason(before)).toBe(known === 'with facts' ? 'given' : 'facts_missing');
      expect(await reason(after)).toBe('expired');
    });
  });

  describe('judges by each objection to all marketing as it stood', () => {
    it('one that was taken back before another was made', async () => {
      const mobile = randomUUID();
      const id = await someone();
      await objectFully(id);
      await put(id, { scopes: [point(mobile)] });
      const objected = now();
      const lifted = { scope: { level: 'contact_point', id: mobile }, purposeId: 'contact-by-phone' };
      await decide(id, { ...lifted, status: 'objection_lifted' });
      const between = now();
      await objectFully(id);
      const reason = async (at?: string) => (await ask(id, 'contact-by-phone', at ? { at } : {})).reason;
      expect(await reason(objected)).toBe('full_marketing_objection');
      expect(await reason(between)).toBe('objection_lifted');
      expect(await reason()).toBe('objected');
    });

    it('one that was taken back since', async () => {
      const id = await someone();
      const before = now();
      await objectFully(id);
      await put(id, { roles: ['customer'], scopes: [point(randomUUID())] });
      const objected = now();
      const [{ scope }] = (
        await app.call<{ scope: object }[]>('GET', `/v1/subjects/${id}/permissions?purpose=contact-by-phone`)
      ).body as [{ scope: object }];
      await decide(id, { scope, purposeId: 'contact-by-phone', status: 'objection_lifted' });
      await decide(id, { purposeId: 'customer-newsletter', status: 'objection_lifted' });
      const reasons = async (at?: string) => (await ask(id, 'customer-newsletter', at ? { at } : {})).reason;
      expect([await reasons(before), await reasons(objected), await reasons()]).toEqual([
        'open_by_default',
        'objected',
        'objection_lifted',
      ]);
      expect((await ask(id, 'contact-by-phone', { at: objected })).reason).toBe('full_marketing_objection');
      expect((await ask(id, 'contact-by-phone')).reason).toBe('objection_lifted');
    });

    it('from when it was recorded, not from the date on the letter', async () => {
      const id = await someone({ scopes: [point(randomUUID())] });
      const before = now();
      await objectFully(id, { decidedAt: '2026-01-01T00:00:00Z' });
      await put(id, { scopes: [point(randomUUID())] });
      const [known] = (
        await app.call<{ scope: { id: string } }[]>('GET', `/v1/subjects/${id}/permissions?purpose=contact-by-phone`)
      ).body;
      const scope = known?.scope.id ?? '';
      expect((await ask(id, 'contact-by-phone', { scope, at: before })).reason).toBe('open_by_default');
      expect((await ask(id, 'contact-by-phone', { scope })).reason).toBe('objected');
    });
  });

  it('names who told each fact that was judged by, when, how and in which version', async () => {
    const id = await someone({ brand: 'scarlet', contractEnd: '2026-10-01T00:00:00Z' });
    const line = { subjectId: id, ...someFacts({ brand: 'proximus', contractEnd: '2026-10-01T00:00:00Z' }) };
    await app.call('POST', '/v1/facts/batch', { token: TOKENS.feed, body: [line] });
    const { body: history } = await app.call<{ recordedAt: string }[]>('GET', `/v1/subjects/${id}/facts/history`);
    const [first, second] = history.map(({ recordedAt }) => recordedAt);
    const { steps, factsAt } = await ask(id, 'customer-newsletter');
    const factsOf = (rule: string) => steps.find((step) => step.rule === rule)?.facts;
    expect(factsAt).toBe(second);
    expect(factsOf('brand-gate')).toMatchObject([
      {
        fact: 'brand',
        value: 'proximus',
        source: { recordedAt: second, by: 'feed', channel: 'batch', factsVersion: 2 },
      },
    ]);
    expect(factsOf('brand-gate')?.[0]?.sentence).toMatch(
      /^Brand: proximus \(feed, from a file, .+, version 2 of the facts\)\.$/,
    );
    expect(factsOf('contract-clock')).toMatchObject([
      {
        fact: 'contractEnd',
        value: '2026-10-01T00:00:00.000Z',
        source: { recordedAt: first, by: 'web', channel: 'subject', factsVersion: 1 },
      },
      { fact: 'contractStart' },
    ]);
    expect((await ask(id, 'customer-newsletter', { at: first ?? '' })).steps.at(-1)?.facts).toMatchObject([
      { fact: 'fullMarketingObjectionAt', value: null, source: null },
    ]);
  });

  it('names who told of the objection to all marketing, and the brand of an account', async () => {
    const account = randomUUID();
    const id = await someone({ scopes: [{ level: 'account', id: account, brand: 'proximus' }, point(randomUUID())] });
    await put(id, { brand: 'scarlet' });
    const brand = (await ask(id, 'pickx-on-screen-promotion')).steps.find(({ rule }) => rule === 'brand-gate');
    expect(brand?.facts).toMatchObject([{ value: 'proximus', source: { by: 'web', factsVersion: 1 } }]);
    await objectFully(id);
    await put(id, { scopes: [point(randomUUID())] });
    const added = (
      await app.call<{ scope: { id: string }; reason: string }[]>(
        'GET',
        `/v1/subjects/${id}/permissions?purpose=contact-by-phone`,
      )
    ).body;
    const scope = added.find(({ reason }) => reason === 'full_marketing_objection')?.scope.id ?? '';
    expect((await ask(id, 'contact-by-phone', { scope })).steps.at(-1)?.facts).toMatchObject([
      { fact: 'fullMarketingObjectionAt', source: { by: 'web', channel: 'call-centre', factsVersion: null } },
    ]);
  });

  it('names of each decision its place in the ledger, who recorded it and the catalogue it was judged under', async () => {
    const id = await someone();
    await decide(id, { channel: 'tv' });
    const { rows } = await app.sql.query<{ position: number; catalogue_version: string }>(
      `SELECT position::float8, catalogue_version FROM ledger WHERE subject_id = $1 AND cause = 'person'`,
      [id],
    );
    const { steps } = await ask(id, 'prospect-newsletter');
    expect(steps.find(({ kind }) => kind === 'decision')?.decision).toMatchObject({
      position: rows[0]?.position,
      caller: 'web',
      actor: 'self',
      channel: 'tv',
      catalogueVersion: rows[0]?.catalogue_version,
    });
  });

  it('answers as “may I?” does about what the release before has written meanwhile', async () => {
    const [id, line] = [await someone(), randomUUID()];
    await app.sql.query(
      `INSERT INTO scope (scope_id, subject_id, level, valid_until) VALUES ($2, $1, 'line', '2020-01-01Z')`,
      [id, line],
    );
    await app.sql.query(`UPDATE subject SET full_marketing_objection_at = '2020-01-01Z' WHERE subject_id = $1`, [id]);
    expect((await ask(id, 'customer-newsletter')).reason).toBe('full_marketing_objection');
    expect((await ask(id, 'location-analytics-anonymised-reports')).reason).toBe('scope_ended');
  });

  it('says from when on the past is known', async () => {
    const { rows } = await app.sql.query<{ stored_at: Date }>('SELECT stored_at FROM catalogue_version');
    const id = await someone();
    expect((await ask(id, 'customer-newsletter')).knownSince).toBe(rows[0]?.stored_at.toISOString());
    const at = '2020-01-01T00:00:00.000Z';
    expect((await ask(id, 'customer-newsletter', { at })).knownSince > at).toBe(true);
  });
});

describe('why before the catalogue changed', () => {
  const FILES = catalogueFiles(fileURLToPath(new URL('../../../../catalogue/', import.meta.url)));
  const PURPOSE = 'customer-newsletter';
  const NEW = 'customer-leaflet';
  /** The purpose is closed for Scarlet, which it covers now, has another title, and there is a new one like it. */
  const changed = FILES.map(({ name, text }): CatalogueFile => {
    const start = text.indexOf(`- id: ${PURPOSE}\n`);
    // What closes the one for all marketing closes the other too.
    if (start < 0) return { name, text: text.replaceAll(`    - ${PURPOSE}\n`, `    - ${PURPOSE}\n    - ${NEW}\n`) };
    const entries = text.slice(start);
    const [entry = ''] = entries.split(/\n(?=- id: )/);
    const changed = entries
      .replace(/brands: .*\n {2}excludedBrands: .*/, 'brands: [proximus]\n  excludedBrands: [scarlet]')
      .replace(/en: .*/, 'en: Another title');
    return { name, text: `${text.slice(0, start)}${changed.trimEnd()}\n\n${entry.replace(PURPOSE, NEW)}\n` };
  });

  it('answers by the version that was in force, which knows no purpose of a later one', async () => {
    const app = await specApp();
    try {
      const id = randomUUID();
      await app.call('PUT', `/v1/subjects/${id}/facts`, { body: someFacts({ brand: 'scarlet' }) });
      const ask = async (at?: string) =>
        (await app.call<Why>('GET', `/v1/subjects/${id}/why?purpose=${PURPOSE}${at ? `&at=${at}` : ''}`)).body;
      const first = await ask();
      const before = first.at;
      const planned = await app.call<CatalogueChange>('POST', '/v1/catalogue/changes', { body: { files: changed } });
      const inState = (states: string[]) =>
        until(`the change is ${states.join(' or ')}`, async () => {
          const { body } = await app.call<CatalogueChange>('GET', `/v1/catalogue/changes/${planned.body.changeId}`);
          return states.includes(body.state) ? body : null;
        });
      const { planHash, changeId } = await inState(['planned']);
      await app.call('POST', `/v1/catalogue/changes/${changeId}/apply`, {
        body: { planHash, despite: 'no system runs beside this test' },
      });
      await inState(['recorded', 'done']);
      expect(await ask()).toMatchObject({ reason: 'brand_excluded', title: 'Another title' });
      expect(await ask(before)).toEqual(first);
      expect(first).toMatchObject({ reason: 'open_by_default' });
      const unknown = await app.call('GET', `/v1/subjects/${id}/why?purpose=${NEW}&at=${before}`);
      expect([unknown.status, unknown.text]).toEqual([404, expect.stringContaining(first.catalogueVersion)]);
      expect((await app.call('GET', `/v1/subjects/${id}/why?purpose=${NEW}`)).status).toBe(200);
      expect((await ask('2020-01-01T00:00:00Z')).catalogueVersion).toBe(first.catalogueVersion);
    } finally {
      await app.close();
    }
  });
});
