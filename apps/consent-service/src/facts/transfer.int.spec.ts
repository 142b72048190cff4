import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aDecision, someFacts, specApp, type SpecApp } from '../spec-app.js';

interface Transfer {
  type?: string;
  newScopeId: string;
  closed: number;
}
interface Permission {
  purposeId: string;
  scope: { id: string };
  allowed: boolean;
  reason: string;
}

describe('a line that passes to another holder', () => {
  let app: SpecApp;
  beforeAll(async () => {
    app = await specApp();
  }, 30_000);
  afterAll(() => app.close());

  const LISTING = 'directory-contact-listing';
  const put = (subjectId: string, scopes: object[]) =>
    app.call('PUT', `/v1/subjects/${subjectId}/facts`, { body: someFacts({ scopes }) });
  const transfer = (scopeId: string, toSubjectId: string, key: string = randomUUID()) =>
    app.call<Transfer>('POST', `/v1/scopes/${scopeId}/transfer`, { key, body: { toSubjectId } });
  const listing = (subjectId: string, id: string, status = 'given') =>
    app.call<Permission & { permission: Permission }>('POST', '/v1/decisions', {
      body: aDecision({ subjectId, scope: { level: 'line', id }, purposeId: LISTING, status }),
    });
  const permissions = async (subjectId: string, scopeId: string): Promise<Permission[]> =>
    (await app.call<Permission[]>('GET', `/v1/subjects/${subjectId}/permissions?scope=${scopeId}`)).body.filter(
      ({ scope }) => scope.id === scopeId,
    );
  /** A holder with a line that is listed, and the next holder. */
  const given = async () => {
    const [from, to, line] = [randomUUID(), randomUUID(), randomUUID()];
    await put(from, [{ level: 'line', id: line }]);
    await put(to, []);
    expect((await listing(from, line)).body).toMatchObject({ permission: { allowed: true } });
    return { from, to, line };
  };

  it('closes all that is open under the old id, and starts from the defaults under a new one', async () => {
    const { from, to, line } = await given();
    const defaults = await permissions(from, line);
    const { status, body } = await transfer(line, to);
    expect({ status, body }).toMatchObject({
      status: 201,
      body: { scopeId: line, fromSubjectId: from, toSubjectId: to },
    });
    const left = (await permissions(from, line)).filter(({ allowed }) => allowed);
    expect(new Set(left.map(({ reason }) => reason))).toEqual(new Set(['no_choice']));
    const { rows } = await app.sql.query(
      'SELECT status, cause, reason, direction FROM ledger WHERE scope_id = $1 AND purpose_id = $2 ORDER BY version',
      [line, LISTING],
    );
    expect(rows).toMatchObject([
      { status: 'given', cause: 'person' },
      { status: 'expired', cause: 'facts', reason: 'scope_ended', direction: 'closing' },
    ]);
    expect(body.closed).toBe(defaults.filter(({ allowed, reason }) => allowed && reason !== 'no_choice').length);
    const fresh = await permissions(to, body.newScopeId);
    expect(fresh.find(({ purposeId }) => purposeId === LISTING)).toMatchObject({
      allowed: false,
      reason: 'closed_by_default',
    });
    expect(fresh.some(({ reason }) => reason === 'open_by_default')).toBe(true);
  });

  describe('before it is the holder’s', () => {
    const FROM = '2199-06-01T00:00:00.000Z';
    const BY_DEFAULT = 'location-analytics-anonymised-reports';
    const coming = async () => {
      const [from, to, line] = [randomUUID(), randomUUID(), randomUUID()];
      await put(from, [{ level: 'line', id: line, validFrom: FROM, validUntil: '2199-09-01T00:00:00Z' }]);
      await put(to, []);
      return { from, to, line };
    };

    it('opens for the next holder no earlier, neither by default nor by a yes', async () => {
      const { to, line } = await coming();
      const { newScopeId } = (await transfer(line, to)).body;
      expect((await listing(to, newScopeId)).body).toMatchObject({
        permission: { allowed: false, reason: 'scope_not_yet_valid', nextChangeAt: FROM },
      });
      const fresh = await permissions(to, newScopeId);
      expect(fresh.filter(({ allowed, reason }) => allowed && reason !== 'no_choice')).toEqual([]);
      expect(fresh.find(({ purposeId }) => purposeId === BY_DEFAULT)).toMatchObject({ reason: 'scope_not_yet_valid' });
      expect((await app.call('GET', `/v1/subjects/${to}`)).body).toMatchObject({
        scopes: [{ id: newScopeId, validFrom: FROM, validUntil: null }],
      });
    });

    it('ends for the holder with the transfer, and not before it begins', async () => {
      const { from, line, to } = await coming();
      await listing(from, line);
      await transfer(line, to);
      const { scopes } = (
        await app.call<{ scopes: { validFrom: string; validUntil: string }[] }>('GET', `/v1/subjects/${from}`)
      ).body;
      expect(scopes).toMatchObject([{ id: line, validFrom: scopes[0]?.validUntil }]);
      expect(Date.parse(scopes[0]?.validUntil ?? '')).toBeLessThanOrEqual(Date.now());
      const left = (await permissions(from, line)).filter(({ reason }) => reason === 'scope_not_yet_valid');
      expect(left).toEqual([]);
      const { rows } = await app.sql.query(
        'SELECT status, cause, reason FROM ledger WHERE scope_id = $1 AND purpose_id = $2 ORDER BY version',
        [line, LISTING],
      );
      expect(rows).toMatchObject([
        { status: 'given', cause: 'person' },
        { status: 'expired', reason: 'scope_ended' },
      ]);
    });
  });

  it('because its user has an own login is decided about by the user alone; the account stays its holder’s (C36)', async () => {
    const [holder, user, line] = [randomUUID(), randomUUID(), randomUUID()];
    const [ofHolder, ofUser] = [randomUUID(), randomUUID()];
    const OFFERS = 'tailored-offers-service-usage';
    await put(holder, [
      { level: 'account', id: ofHolder },
      { level: 'line', id: line },
    ]);
    await put(user, [{ level: 'account', id: ofUser }]);
    const offers = (subjectId: string, id: string, status: string) =>
      app.call('POST', '/v1/decisions', {
        body: aDecision({ subjectId, scope: { level: 'account', id }, purposeId: OFFERS, status }),
      });
    const mayOffer = async (subjectId: string, id: string) =>
      (await permissions(subjectId, id)).find(({ purposeId }) => purposeId === OFFERS)?.allowed;
    await offers(holder, ofHolder, 'given');

    expect((await transfer(line, user)).status).toBe(201);
    expect([await mayOffer(holder, ofHolder), await mayOffer(user, ofUser)]).toEqual([true, false]);
    await offers(user, ofUser, 'given');
    await offers(holder, ofHolder, 'withdrawn');
    expect([await mayOffer(holder, ofHolder), await mayOffer(user, ofUser)]).toEqual([false, true]);
  });

  it('is known of its next holder at once, of whom nothing else is', async () => {
    const { from, line } = await given();
    const stranger = randomUUID();
    expect((await app.call('GET', `/v1/subjects/${stranger}`)).status).toBe(404);
    const { newScopeId } = (await transfer(line, stranger)).body;
    const read = (path: string) => app.call<object>('GET', `/v1/subjects/${stranger}${path}`);
    expect(await read('')).toMatchObject({
      status: 200,
      body: { facts: null, scopes: [{ level: 'line', id: newScopeId }] },
    });
    const may = { purposeId: LISTING, scope: { level: 'line', id: newScopeId }, allowed: false };
    expect((await read(`/permissions?purpose=${LISTING}`)).body).toMatchObject([may]);
    expect((await read(`/permissions?purpose=${LISTING}&scope=${newScopeId}`)).body).toMatchObject([may]);
    expect((await read(`/why?purpose=${LISTING}`)).body).toMatchObject({ scope: may.scope });
    expect((await read(`/decisions`)).status).toBe(200);
    expect((await app.call('GET', `/v1/subjects/${from}`)).status).toBe(200);
  });

  it('carries nothing back: the old id opens for nobody, whether by decision or by facts', async () => {
    const { from, to, line } = await given();
    await transfer(line, to);
    expect((await listing(from, line)).body).toMatchObject({ permission: { allowed: false, reason: 'scope_ended' } });
    expect((await listing(from, line, 'withdrawn')).status).toBe(201);
    expect((await listing(to, line)).body).toMatchObject({
      type: 'urn:consent:problem:scope-belongs-to-another-subject',
    });
    const revived = await put(from, [{ level: 'line', id: line }]);
    expect(revived).toMatchObject({ status: 409, body: { type: 'urn:consent:problem:scope-transferred' } });
  });

  it.each([
    ['its own', { brand: 'proximus', own: 'scarlet' }],
    ['that of its holder', { brand: 'scarlet', own: null }],
  ])('keeps its brand, %s, and only another that is said makes it another (C41)', async (_, { brand, own }) => {
    const ADS = 'pickx-personalised-tv-ads';
    const [from, to, account] = [randomUUID(), randomUUID(), randomUUID()];
    const scopes = [{ level: 'account', id: account, brand: own }];
    await app.call('PUT', `/v1/subjects/${from}/facts`, { body: someFacts({ brand, scopes }) });
    await put(to, []);
    const agreed = (id: string) =>
      app.call('POST', '/v1/decisions', {
        body: aDecision({ subjectId: to, scope: { level: 'account', id }, purposeId: ADS }),
      });
    const { newScopeId } = (await transfer(account, to)).body;
    expect((await app.call('GET', `/v1/subjects/${to}`)).body).toMatchObject({
      scopes: [{ id: newScopeId, brand: 'scarlet' }],
    });
    expect((await agreed(newScopeId)).body).toMatchObject({ permission: { allowed: false, reason: 'brand_excluded' } });
    const { body } = await app.call<Transfer>('POST', `/v1/scopes/${newScopeId}/transfer`, {
      body: { toSubjectId: from, brand: 'proximus' },
    });
    expect((await app.call('GET', `/v1/subjects/${from}`)).body).toMatchObject({
      scopes: [{ id: account }, { id: body.newScopeId, brand: 'proximus' }],
    });
  });

  it('is one transfer when it is asked for again, and refused when it is another', async () => {
    const { to, line } = await given();
    const key = randomUUID();
    const first = await transfer(line, to, key);
    expect((await transfer(line, to, key)).body).toEqual(first.body);
    expect(await transfer(line, to)).toMatchObject({
      status: 409,
      body: { type: 'urn:consent:problem:scope-transferred' },
    });
  });

  it('is refused for a scope nobody has, for a person, and to its own holder', async () => {
    const { from, to, line } = await given();
    for (const id of [randomUUID(), from])
      expect(await transfer(id, to)).toMatchObject({
        status: 404,
        body: { type: 'urn:consent:problem:scope-unknown' },
      });
    expect(await transfer(line, from)).toMatchObject({
      status: 422,
      body: { type: 'urn:consent:problem:scope-holder-unchanged' },
    });
  });

  it('of several transfers at once is taken by one, also where two people swap lines', async () => {
    const { from, to, line } = await given();
    const [other, third] = [randomUUID(), randomUUID()];
    await put(to, [{ level: 'line', id: other }]);
    const raced = await Promise.all([
      transfer(line, to),
      transfer(other, from),
      transfer(line, third),
      transfer(line, to),
      transfer(other, third),
    ]);
    const of = (picked: number[]) => picked.map((i) => raced[i]?.status).sort();
    expect(of([0, 2, 3])).toEqual([201, 409, 409]);
    expect(of([1, 4])).toEqual([201, 409]);
  });

  it('leaves nothing open under the old id, whatever is decided in the same moment', async () => {
    for (let round = 0; round < 12; round++) {
      const { from, to, line } = await given();
      const [decided, moved] = await Promise.all([listing(from, line), transfer(line, to), listing(from, line)]);
      expect([decided.status, moved.status]).toEqual([201, 201]);
      const open = await app.sql.query('SELECT FROM current_state WHERE scope_id = $1 AND allowed', [line]);
      expect(open.rowCount).toBe(0);
    }
  });
});
