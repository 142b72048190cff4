import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { someFacts, specApp, type SpecApp } from '../spec-app.js';

describe('a subject, once its roles are those of a private or of a business contact,', () => {
  let app: SpecApp;
  beforeAll(async () => {
    app = await specApp();
  }, 30_000);
  afterAll(() => app.close());

  const put = (subjectId: string, ...roles: string[]) =>
    app.call<{ detail: string }>('PUT', `/v1/subjects/${subjectId}/facts`, { body: someFacts({ roles }) });
  const rolesOf = async (subjectId: string) =>
    (await app.call<{ facts: { roles: string[] } }>('GET', `/v1/subjects/${subjectId}`)).body.facts.roles;
  const ofOtherContext = { status: 422, body: { type: 'urn:consent:problem:roles-of-other-context' } };

  it.each([
    ['private', 'customer', 'customer-professional'],
    ['professional', 'prospect-professional', 'ex-customer'],
  ])('is never that of the other: of a %s contact, %s is not followed by %s (C44)', async (context, held, other) => {
    const subjectId = randomUUID();
    await put(subjectId, held);
    const refused = await put(subjectId, other);
    expect(refused).toMatchObject(ofOtherContext);
    expect(refused.body.detail).toContain(`Subject ${subjectId} is a ${context} contact; found ${other}`);
    expect(refused.body.detail).toContain('expected another subject id');
    expect(await rolesOf(subjectId)).toEqual([held]);
  });

  it('keeps to it while it has no roles at all (C44)', async () => {
    const subjectId = randomUUID();
    for (const roles of [['prospect'], []]) expect(await put(subjectId, ...roles)).toMatchObject({ status: 200 });
    expect(await put(subjectId, 'customer-professional')).toMatchObject(ofOtherContext);
    expect(await put(subjectId, 'customer')).toMatchObject({ status: 200 });
  });

  it('is advised by "why?" to no role of the other, also while it has none (C44)', async () => {
    const subjectId = randomUUID();
    const advised = async () => {
      const { body } = await app.call<{ wouldChange: { changes: { kind: string; to?: string }[] }[] }>(
        'GET',
        `/v1/subjects/${subjectId}/why?purpose=b2b-direct-marketing-existing`,
      );
      return body.wouldChange.flatMap(({ changes }) =>
        changes.flatMap(({ kind, to }) => (kind === 'role' ? [to] : [])),
      );
    };
    await put(subjectId);
    expect(await advised()).toContain('customer-professional');
    for (const roles of [['prospect'], []]) await put(subjectId, ...roles);
    expect(await advised()).toEqual([]);
  });

  it('keeps to it over the lines of one batch, whose other lines are taken (C44)', async () => {
    const [one, two] = [randomUUID(), randomUUID()];
    const lines: [string, string[]][] = [
      [one, []],
      [one, ['customer']],
      [one, []],
      [one, ['prospect-professional']],
      [one, ['ex-customer']],
      [two, ['customer-professional']],
    ];
    const { body } = await app.call<{ status: number; problem?: object }[]>('POST', '/v1/facts/batch', {
      body: lines.map(([subjectId, roles]) => ({ subjectId, ...someFacts({ roles }) })),
    });
    expect(body.map(({ status }) => status)).toEqual([200, 200, 200, 422, 200, 200]);
    expect(body[3]).toMatchObject({ problem: ofOtherContext.body });
    expect([await rolesOf(one), await rolesOf(two)]).toEqual([['ex-customer'], ['customer-professional']]);
  });

  it('may still be the holder to whom a line passes (C44, C88)', async () => {
    const [from, to, id] = [randomUUID(), randomUUID(), randomUUID()];
    await app.call('PUT', `/v1/subjects/${from}/facts`, { body: someFacts({ scopes: [{ level: 'line', id }] }) });
    await put(to, 'customer-professional');
    const passed = await app.call('POST', `/v1/scopes/${id}/transfer`, { body: { toSubjectId: to } });
    expect(passed.status).toBe(201);
  });
});
