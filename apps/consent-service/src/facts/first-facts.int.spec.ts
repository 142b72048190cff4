import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type LedgerEntry } from '@consent/consent-rules';
import { BULK } from '../relay/outbox-row.js';
import { aDecision, someFacts, specApp, type SpecApp } from '../spec-app.js';

const PROFILING = ['pickx-own-promotion', 'pickx-content-recommendations'];

describe('the first facts', () => {
  let app: SpecApp;
  beforeAll(async () => {
    app = await specApp();
  }, 30_000);
  afterAll(() => app.close());

  const put = (subjectId: string, over: Record<string, unknown>) =>
    app.call<{ changes: number }>('PUT', `/v1/subjects/${subjectId}/facts`, { body: someFacts(over) });
  const history = async (subjectId: string): Promise<LedgerEntry[]> =>
    (await app.call<LedgerEntry[]>('GET', `/v1/subjects/${subjectId}/decisions`)).body;
  const lanes = async (subjectId: string): Promise<string[]> => {
    const { rows } = await app.sql.query<{ lane: number }>('SELECT lane FROM outbox WHERE subject_id = $1', [
      subjectId,
    ]);
    return rows.map(({ lane }) => (lane === BULK ? 'bulk' : 'live'));
  };
  const account = () => ({ level: 'account', id: randomUUID() });
  const closings = (entries: readonly LedgerEntry[], scopeId: string) =>
    entries
      .filter(({ purposeId, scope }) => PROFILING.includes(purposeId) && scope.id === scopeId)
      .map(({ purposeId, cause, direction, permission, systems }) => [
        ...[purposeId, cause, direction, permission.reason],
        systems.some(({ systemId }) => systemId === 'pickx-ad-targeting'),
      ]);
  const closed = PROFILING.map((id) => [id, 'facts', 'closing', 'minor_not_profiled', true]);

  it('of a minor close the profiling on Pickx', async () => {
    const [subjectId, tv] = [randomUUID(), account()];
    const { body } = await put(subjectId, { minor: true, scopes: [tv] });
    const entries = await history(subjectId);
    expect(closings(entries, tv.id)).toEqual(closed);
    expect(body.changes).toBe(entries.length);
    expect(await lanes(subjectId)).toEqual(entries.map(() => 'live'));
    expect((await put(subjectId, { minor: true, scopes: [tv] })).body.changes).toBe(0);
  });

  it('of a minor in a file of many close it as they do alone, and those after them in the file see it done', async () => {
    const [subjectId, tv] = [randomUUID(), account()];
    const line = { subjectId, ...someFacts({ minor: true, scopes: [tv] }) };
    const { body } = await app.call<{ changes: number }[]>('POST', '/v1/facts/batch', {
      body: [line, { ...line, contractStart: '2021-01-01T00:00:00Z' }],
    });
    const entries = await history(subjectId);
    expect(closings(entries, tv.id)).toEqual(closed);
    expect(await lanes(subjectId)).toEqual(entries.map(() => 'bulk'));
    expect(body[1]).toMatchObject({ status: 200, changes: 0 });
  });

  it('of an adult customer tell what is for other people alone, and no opening', async () => {
    const subjectId = randomUUID();
    await put(subjectId, { roles: ['customer'], scopes: [account()] });
    const entries = await history(subjectId);
    expect(entries.map(({ purposeId, permission }) => `${purposeId} ${permission.reason}`)).toEqual(
      [
        'legal-claims-archive',
        'b2b-data-acquisition-screening',
        'b2b-direct-marketing-existing',
        'ex-customer-consent-campaign',
        'ex-customer-winback',
      ].map((id) => `${id} role_not_covered`),
    );
  });

  it('close in an account that a decision is the first to name what is closed to a minor, and nothing twice', async () => {
    const [subjectId, tv] = [randomUUID(), account()];
    await put(subjectId, { minor: true });
    const told = (await history(subjectId)).length;
    const body = aDecision({
      subjectId,
      scope: tv,
      purposeId: 'pickx-personalised-tv-ads',
    });
    await app.call('POST', '/v1/decisions', { body });
    const entries = (await history(subjectId)).slice(told);
    expect(closings(entries, tv.id)).toEqual(closed);
    expect(new Set(entries.map(({ purposeId, scope }) => `${purposeId} ${scope.id}`)).size).toBe(entries.length);
    expect(entries.every(({ scope }) => scope.id === tv.id)).toBe(true);
  });
});
