import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '@consent/testing';
import { catalogueFiles } from '../catalogue/catalogue-files.js';
import { aDecision, someFacts, specApp, type SpecApp } from '../spec-app.js';

const CATALOGUE = fileURLToPath(new URL('../../../../catalogue/', import.meta.url));
const ADS = 'pickx-personalised-tv-ads';

interface Permission {
  allowed: boolean;
  reason: string;
}
interface Entry {
  cause: string;
  brand: string | null;
  direction: string;
  effective: boolean;
  permission: Permission;
}
interface Change {
  changeId: string;
  state: string;
  planned: Record<string, object>;
}

describe('the brand that a decision says', () => {
  let app: SpecApp;
  beforeAll(async () => {
    app = await specApp();
  }, 30_000);
  afterAll(() => app.close());

  const someone = async (over: Record<string, unknown> = {}): Promise<string> => {
    const subjectId = randomUUID();
    await app.call('PUT', `/v1/subjects/${subjectId}/facts`, { body: someFacts(over) });
    return subjectId;
  };
  const agreed = (subjectId: string, account: string, over: Record<string, unknown> = {}) =>
    app.call<Entry>('POST', '/v1/decisions', {
      body: aDecision({ subjectId, scope: { level: 'account', id: account }, purposeId: ADS, ...over }),
    });
  const permissions = async (subjectId: string, query: string): Promise<Permission[]> =>
    (await app.call<Permission[]>('GET', `/v1/subjects/${subjectId}/permissions?${query}`)).body;
  const events = async (subjectId: string): Promise<Entry[]> =>
    (await app.call<Entry[]>('GET', `/v1/subjects/${subjectId}/decisions`)).body.filter(
      ({ cause }) => cause === 'person',
    );
  const scopes = async (subjectId: string) =>
    (await app.call<{ scopes: object[] }>('GET', `/v1/subjects/${subjectId}`)).body.scopes;

  it('opens 7.2.3 for no Scarlet customer, and everything asked agrees (C40, C41)', async () => {
    const subjectId = await someone({ brand: 'scarlet' });
    const account = randomUUID();
    const closed = { allowed: false, reason: 'brand_excluded' };
    for (let times = 0; times < 2; times++) {
      const { body } = await agreed(subjectId, account, { brand: 'proximus' });
      expect(body).toMatchObject({ direction: 'closing', permission: closed });
    }
    expect(await events(subjectId)).toMatchObject([
      { brand: 'scarlet', permission: closed },
      { brand: 'scarlet', permission: closed },
    ]);
    expect(await scopes(subjectId)).toMatchObject([{ id: account, brand: null }]);
    expect(await permissions(subjectId, `purpose=${ADS}`)).toMatchObject([closed]);
    expect(await permissions(subjectId, `purpose=${ADS}&scope=${account}`)).toMatchObject([closed]);
    const why = await app.call('GET', `/v1/subjects/${subjectId}/why?purpose=${ADS}&scope=${account}`);
    expect(why.body).toMatchObject(closed);

    const files = catalogueFiles(CATALOGUE).map((file) =>
      file.name === 'catalogue.yaml' ? { ...file, text: `${file.text}# Read again.\n` } : file,
    );
    const { body: change } = await app.call<Change>('POST', '/v1/catalogue/changes', { body: { files } });
    const plan = await until('the change is planned', async () => {
      const { body } = await app.call<Change>('GET', `/v1/catalogue/changes/${change.changeId}`);
      return body.state === 'planned' ? body : null;
    });
    expect(plan.planned[ADS]).toBeUndefined();
  });

  it('opens nothing where the facts know no brand, and is told as what the caller said', async () => {
    const subjectId = await someone({ brand: null });
    const account = randomUUID();
    const closed = { allowed: false, reason: 'brand_unknown' };
    for (let times = 0; times < 2; times++)
      expect((await agreed(subjectId, account, { brand: 'proximus' })).body).toMatchObject({ permission: closed });
    expect(await events(subjectId)).toMatchObject([
      { brand: 'proximus', permission: closed },
      { brand: 'proximus', permission: closed },
    ]);
    expect(await permissions(subjectId, `purpose=${ADS}`)).toMatchObject([closed]);
  });

  it('closes nothing of a customer whose brand the statement covers', async () => {
    const subjectId = await someone();
    const point = { level: 'contact_point', id: randomUUID() };
    const { body } = await app.call<Entry>('POST', '/v1/decisions', {
      body: aDecision({ subjectId, scope: point, purposeId: 'contact-by-phone', status: 'objected', brand: 'vikings' }),
    });
    expect(body).toMatchObject({ permission: { reason: 'objected' } });
    expect(await events(subjectId)).toMatchObject([{ brand: 'proximus' }]);
    const lifted = await app.call<Entry>('POST', '/v1/decisions', {
      body: aDecision({ subjectId, scope: point, purposeId: 'contact-by-phone', status: 'objection_lifted' }),
    });
    expect(lifted.body).toMatchObject({ direction: 'opening', permission: { allowed: true } });
    expect(await permissions(subjectId, `purpose=contact-by-sms&scope=${point.id}`)).toMatchObject([
      { allowed: true, reason: 'open_by_default' },
    ]);
  });

  it('of a person without facts waits for the facts, whose brand decides', async () => {
    const [subjectId, account] = [randomUUID(), randomUUID()];
    expect((await agreed(subjectId, account, { brand: 'proximus' })).body).toMatchObject({
      permission: { allowed: false, reason: 'facts_missing' },
    });
    expect(await events(subjectId)).toMatchObject([{ brand: 'proximus' }]);
    await app.call('PUT', `/v1/subjects/${subjectId}/facts`, { body: someFacts({ brand: 'scarlet' }) });
    expect(await permissions(subjectId, `purpose=${ADS}`)).toMatchObject([
      { allowed: false, reason: 'brand_excluded' },
    ]);
    expect((await events(subjectId)).at(-1)).toMatchObject({ permission: { allowed: false } });
  });
});
