import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { someFacts, specApp, type SpecApp } from '../spec-app.js';

jest.setTimeout(60_000);
let app: SpecApp;
beforeAll(async () => {
  app = await specApp();
});
afterAll(() => app.close());

interface Answer {
  purposeId: string;
  scope: { id: string };
  allowed: boolean;
  permission: { allowed: boolean };
}
const keyOf = ({ purposeId, scope }: Answer): string => `${purposeId} ${scope.id}`;
/** Null where nobody has a choice. */
const defaultOf = ({ purposeId }: Answer) => app.catalogue.purposes.get(purposeId)?.defaultAllowed;
const LEVELS = ['account', 'line', 'contact_point'];
const validUntil = fc.constantFrom(null, '2020-01-01T00:00:00Z', '2090-01-01T00:00:00Z');
const given = fc.record({
  brand: fc.constantFrom('proximus', 'scarlet', null),
  roles: fc.subarray(['prospect', 'customer', 'ex-customer']),
  minor: fc.constantFrom(true, false, null),
  contractEnd: fc.constantFrom(null, '2012-01-01T00:00:00Z', '2090-01-01T00:00:00Z'),
  ends: fc.tuple(validUntil, validUntil, validUntil),
});

it('facts leave ledger entries of exactly the permissions that they move, the first ones from the defaults, over all purposes and scopes', async () => {
  const read = async (path: string): Promise<Answer[]> => (await app.call<Answer[]>('GET', path)).body;
  await fc.assert(
    fc.asyncProperty(fc.array(given, { minLength: 2, maxLength: 4 }), async (steps) => {
      const subjectId = randomUUID();
      const ids = LEVELS.map(() => randomUUID());
      let before: Map<string, boolean> | null = null;
      let seen = 0;
      for (const { ends, ...facts } of steps) {
        const scopes = ids.map((id, i) => ({ level: LEVELS[i], id, validUntil: ends[i] }));
        const body = someFacts({ ...facts, scopes });
        expect((await app.call('PUT', `/v1/subjects/${subjectId}/facts`, { body })).status).toBe(200);
        const permissions = await read(`/v1/subjects/${subjectId}/permissions`);
        const after = new Map(permissions.map((p) => [keyOf(p), p.allowed]));
        const written = await read(`/v1/subjects/${subjectId}/decisions?after=${seen}&limit=1000`);
        seen += written.length;
        const earlier = before ?? new Map(permissions.map((p) => [keyOf(p), defaultOf(p) ?? p.allowed]));
        const moved = [...after].filter(([key, allowed]) => earlier.get(key) !== allowed);
        // What stays open and whose next change moved is an entry too: it moves no permission.
        const told = written
          .map((entry): [string, boolean] => [keyOf(entry), entry.permission.allowed])
          .filter(([key, allowed]) => earlier.get(key) !== allowed);
        expect(told.sort()).toEqual(moved.sort());
        expect(new Set(written.map(keyOf)).size).toBe(written.length);
        before = after;
      }
    }),
    { numRuns: 25 },
  );
});
