import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type CatalogueFile } from '@consent/consent-rules';
import { until } from '@consent/testing';
import { specClocks, type SpecClocks } from '../clocks/spec-clocks.js';
import { edited, FILES, without } from './spec-change.js';

jest.setTimeout(60_000);

const MIGRATION = new URL('../../migrations/0018-purposes-that-left.sql', import.meta.url);
const PURPOSE = 'prospect-newsletter';
const DAY = 86_400_000;
const YEAR = 365.25 * DAY;
/** A moment so many years ago. */
const ago = (years: number): string => new Date(Date.now() - years * YEAR).toISOString();

describe('a new version of the catalogue with other periods', () => {
  let clocks: SpecClocks;
  beforeEach(async () => {
    clocks = await specClocks();
  });
  afterEach(() => clocks.close());

  /** Brings it into force, and has done what is due then. */
  const inForce = async (files: readonly CatalogueFile[]): Promise<void> => {
    await clocks.bringIntoForce(files);
    await clocks.run(Date.now());
  };
  const runIn = (years: number) => clocks.run(Date.now() + years * YEAR);
  const proofs = async (subjectId: string): Promise<object[]> =>
    (await clocks.app.sql.query<object>('SELECT purpose_id FROM proof_ended WHERE subject_id = $1', [subjectId])).rows;

  it('ends a consent that something holds closed at the end of a shorter clock that has still to come (C04, C06)', async () => {
    const id = await clocks.subject({ brand: null });
    await clocks.decide(id, { purposeId: PURPOSE, decidedAt: ago(1.5) });
    await inForce(edited(PURPOSE, /(from: consent, period: )P3Y/, '$1P2Y'));
    await runIn(0.6);
    expect(await clocks.told(id)).toMatchObject([{ status: 'expired', reason: 'consent_lapsed' }]);
  });

  it.each([
    ['shorter', PURPOSE, /(from: consent, period: )P3Y/, '$1P2Y'],
    [
      'new',
      'family-life-location-sharing',
      /(proofRetention: )/,
      'clocks:\n    - { from: consent, period: P2Y, decision: C06 }\n  $1',
    ],
  ])(
    'ends a consent that something holds closed when its %s clock has run out already (C04, C06)',
    async (_, purposeId, from, to) => {
      const id = await clocks.subject({ brand: null });
      const decidedAt = ago(2.5);
      await clocks.decide(id, { purposeId, decidedAt });
      await clocks.run(Date.now());
      expect(await clocks.told(id)).toEqual([]);
      await inForce(edited(purposeId, from, to));
      const lapse = Date.parse(decidedAt) + 2 * YEAR;
      const newest = async () =>
        (
          await clocks.app.sql.query<{ decided_at: Date }>(
            'SELECT status, reason, cause, decided_at FROM ledger WHERE subject_id = $1 AND purpose_id = $2 ORDER BY version DESC LIMIT 1',
            [id, purposeId],
          )
        ).rows[0];
      const ended = await newest();
      expect(ended).toMatchObject({ status: 'expired', reason: 'consent_lapsed', cause: 'catalogue' });
      expect(Math.abs((ended?.decided_at.getTime() ?? 0) - lapse)).toBeLessThan(2 * DAY);
      // Nor does a longer period bring it back when what held it closed is gone.
      await inForce(FILES);
      const facts = { brand: 'proximus', roles: ['customer', 'prospect'], minor: false };
      await clocks.app.call('PUT', `/v1/subjects/${id}/facts`, { body: facts });
      expect(await newest()).toEqual(ended);
    },
  );

  it.each([
    ['its period', PURPOSE, /(from: consent, period: )P3Y/, '$1P5Y', { over: 3 }],
    [
      'its contract',
      'ads-data-targeted-advertising',
      / {2}clocks:\n {4}- \{ from: contract-end.*\n/,
      '',
      { contractEnds: true },
    ],
  ] as const)(
    'leaves a consent ended that %s ended while the scheduler was late, though the new one would have kept it (C06, C07)',
    async (_, purposeId, from, to, how) => {
      const soon = Date.now() + 2_500;
      const id = await clocks.subject('over' in how ? {} : { contractEnd: new Date(soon).toISOString() });
      const given = new Date('over' in how ? soon : Date.now());
      if ('over' in how) given.setUTCFullYear(given.getUTCFullYear() - how.over);
      await clocks.decide(id, { purposeId, decidedAt: given.toISOString() });
      const may = async (): Promise<boolean | undefined> =>
        (await clocks.app.call<{ allowed: boolean }[]>('GET', `/v1/subjects/${id}/permissions?purpose=${purposeId}`))
          .body[0]?.allowed;
      expect(await may()).toBe(true);
      await until('the consent has ended', async () => ((await may()) === false ? true : null));
      await inForce(edited(purposeId, from, to));
      expect(await may()).toBe(false);
    },
  );

  it('tells no end of data whose clock it leaves as it is, which its plan does not count (C11)', async () => {
    const id = await clocks.subject({ roles: ['ex-customer'], contractStart: ago(20), contractEnd: ago(15) });
    await clocks.run(Date.now());
    const before = await clocks.told(id);
    await inForce(edited(PURPOSE, /(from: consent, period: )P3Y/, '$1P2Y'));
    expect(await clocks.told(id)).toEqual(before);
  });

  it('has the ends of data told of a purpose of which it is the first to tell (C11)', async () => {
    const purposeId = 'b2b-direct-marketing-existing';
    await inForce(without(purposeId));
    const id = await clocks.subject({ roles: ['ex-customer'], contractStart: ago(20), contractEnd: ago(15) });
    await clocks.run(Date.now());
    await inForce(FILES);
    expect((await clocks.told(id)).filter(({ purpose_id }) => purpose_id === purposeId)).toMatchObject([
      { attributes: { fellDue: 'data-retention' } },
    ]);
  });

  it('notes a proof whose shorter period has passed already (C04)', async () => {
    const id = await clocks.subject();
    await clocks.decide(id, { purposeId: PURPOSE, decidedAt: ago(4.5) });
    await clocks.decide(id, { purposeId: PURPOSE, decidedAt: ago(4), status: 'withdrawn' });
    await clocks.run(Date.now());
    expect(await proofs(id)).toEqual([]);
    await inForce(edited(PURPOSE, /proofRetention: P5Y/, 'proofRetention: P3Y'));
    expect(await proofs(id)).toEqual([{ purpose_id: PURPOSE }]);
  });

  it('keeps a proof as long as its longer period says, and does not take back what it noted (C04)', async () => {
    const id = await clocks.subject();
    await clocks.decide(id, { purposeId: PURPOSE, decidedAt: ago(4.5) });
    await clocks.decide(id, { purposeId: PURPOSE, decidedAt: ago(4), status: 'withdrawn' });
    await inForce(edited(PURPOSE, /proofRetention: P5Y/, 'proofRetention: P7Y'));
    await runIn(1.5);
    expect(await proofs(id)).toEqual([]);
    await runIn(3.2);
    expect(await proofs(id)).toEqual([{ purpose_id: PURPOSE }]);
  });

  it('ends what was given for a purpose that it has no more: the proof is kept five years from then, or from the end before (C04)', async () => {
    const purposeId = 'market-research-participation';
    const [stands, ended, renewed] = [await clocks.subject(), await clocks.subject(), await clocks.subject()];
    for (const id of [stands, ended]) await clocks.decide(id, { purposeId, decidedAt: ago(2) });
    await clocks.decide(ended, { purposeId, decidedAt: ago(1), status: 'withdrawn' });
    for (const years of [2.5, 1.5]) await clocks.decide(renewed, { purposeId, decidedAt: ago(years) });
    await inForce(without(purposeId));
    // As a build that knew of no such end left them.
    await clocks.app.sql.query('UPDATE subject SET due_at = NULL');
    await clocks.app.sql.query(readFileSync(MIGRATION, 'utf8'));
    await runIn(3.9);
    expect([await proofs(stands), await proofs(ended)]).toEqual([[], []]);
    await runIn(4.1);
    expect([await proofs(stands), await proofs(ended)]).toEqual([[], [{ purpose_id: purposeId }]]);
    await runIn(4.9);
    expect([await proofs(stands), await proofs(renewed)]).toEqual([[], []]);
    await runIn(5.1);
    expect([await proofs(stands), await proofs(renewed)]).toEqual([
      [{ purpose_id: purposeId }],
      [{ purpose_id: purposeId }],
    ]);
    expect(await clocks.told(stands)).toMatchObject([
      {
        status: 'given',
        allowed: false,
        reason: 'purpose_unknown',
        attributes: { fellDue: 'proof-retention' },
        systems: [],
      },
    ]);
    expect(await runIn(50)).toEqual({ kind: 'nothing-due' });
  });

  it('ends a request for a purpose that it has no more, which nobody can answer, and has one proof of what was said twice at one moment (C04)', async () => {
    const purposeId = 'market-research-participation';
    const [asked, twice] = [await clocks.subject(), await clocks.subject()];
    await clocks.decide(asked, { purposeId, channel: 'web-sign-up' });
    const decidedAt = ago(2);
    for (const channel of ['myproximus-web', 'proximus-plus-app'])
      await clocks.decide(twice, { purposeId, decidedAt, channel });
    await inForce(without(purposeId));
    await runIn(4.9);
    expect([await proofs(asked), await proofs(twice)]).toEqual([[], []]);
    await runIn(5.1);
    expect([await proofs(asked), await proofs(twice)]).toEqual([
      [{ purpose_id: purposeId }],
      [{ purpose_id: purposeId }],
    ]);
    await clocks.app.call('PUT', `/v1/subjects/${twice}/facts`, {
      body: { brand: 'proximus', roles: [], minor: false },
    });
    await runIn(50);
    expect([await proofs(asked), await proofs(twice)]).toEqual([
      [{ purpose_id: purposeId }],
      [{ purpose_id: purposeId }],
    ]);
  });

  it('keeps an objection to a purpose that it has no more, which would count again if the purpose came back (C05)', async () => {
    const id = await clocks.subject();
    await clocks.decide(id, { purposeId: 'market-research-invitations', decidedAt: ago(1), status: 'objected' });
    await inForce(without('market-research-invitations'));
    await runIn(20);
    expect(await proofs(id)).toEqual([]);
  });
});
