import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { someFacts } from '../spec-app.js';
import { specClocks, type SpecClocks } from './spec-clocks.js';

const YEAR = 365.25 * 86_400_000;
/** A moment so many years from now. */
const inYears = (years: number): string => new Date(Date.now() + years * YEAR).toISOString();

describe('an objection in a scope that was passed on long ago', () => {
  let clocks: SpecClocks;
  beforeAll(async () => {
    clocks = await specClocks();
  }, 30_000);
  afterAll(() => clocks.close());

  const phone = () => {
    const scope = { level: 'contact_point', id: randomUUID() };
    const told = (over: object = {}) => ({ scopes: [{ ...scope, kind: 'phone', ...over }] });
    return { told, objection: { purposeId: 'contact-by-phone', scope, status: 'objected' } };
  };
  const proofs = async (subjectId: string) =>
    (
      await clocks.app.sql.query<{ status: string; kept_until: Date }>(
        'SELECT status, kept_until FROM proof_ended JOIN ledger USING (subject_id, version) WHERE subject_id = $1',
        [subjectId],
      )
    ).rows;

  it('has an end of its history when the end of the scope is told later than that (C05)', async () => {
    const { told, objection } = phone();
    const id = await clocks.subject(told());
    await clocks.decide(id, { ...objection, decidedAt: inYears(-7) });
    const body = someFacts(told({ validUntil: inYears(-6) }));
    expect((await clocks.app.call('PUT', `/v1/subjects/${id}/facts`, { body })).status).toBe(200);
    for (const now of [Date.now(), Date.now() + YEAR]) await clocks.run(now);
    expect(await proofs(id)).toMatchObject([{ status: 'objected' }]);
  });

  it.each([
    ['with an old date', -7, -1],
    ['about today', 0, 5],
  ])('has one when the objection comes only then, %s (C05)', async (_, decided, kept) => {
    const { told, objection } = phone();
    const id = await clocks.subject(told({ validUntil: inYears(-6) }));
    await clocks.run(Date.now());
    await clocks.decide(id, { ...objection, decidedAt: inYears(decided) });
    await clocks.run(Date.now());
    await clocks.run(Date.now() + 5.1 * YEAR);
    const found = await proofs(id);
    expect(found).toMatchObject([{ status: 'objected' }]);
    expect(((found[0]?.kept_until.getTime() ?? 0) - Date.now()) / YEAR).toBeCloseTo(kept, 1);
  });
});
