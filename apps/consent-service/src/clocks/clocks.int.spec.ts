import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { hashOf, type LedgerRow, ledgerRowToEntry } from '../ledger/index.js';
import { specClocks, type SpecClocks } from './spec-clocks.js';

const at = (text: string): number => Date.parse(text);
const SECOND = 1_000;
const MIGRATION = new URL('../../migrations/0020-ends-of-data-of-first-facts.sql', import.meta.url);

describe('what falls due by itself', () => {
  let clocks: SpecClocks;
  beforeAll(async () => {
    clocks = await specClocks();
  }, 30_000);
  afterAll(() => clocks.close());

  /** After four entries of the facts, which close what is for business and former customers. */
  const newsletterGivenAt = async (decidedAt: string): Promise<string> => {
    const id = await clocks.subject();
    await clocks.decide(id, { decidedAt });
    return id;
  };

  const validUntil = async (scopeId: string): Promise<Date> => {
    const { rows } = await clocks.app.sql.query<{ valid_until: Date }>(
      'SELECT valid_until FROM scope WHERE scope_id = $1',
      [scopeId],
    );
    return rows[0]?.valid_until ?? new Date(NaN);
  };
  const fiveYearsAfter = (moment: Date): Date => {
    const later = new Date(moment);
    later.setUTCFullYear(moment.getUTCFullYear() + 5);
    return later;
  };

  it('ends a consent three years after it was given: an entry, a state and a row for the relay, at the due moment (C06)', async () => {
    const id = await newsletterGivenAt('2026-11-01T12:00:00+01:00');
    const due = at('2029-11-01T12:00:00+01:00');
    await clocks.run(due - 1);
    expect(await clocks.told(id)).toEqual([]);
    const now = due + 90 * SECOND;
    expect(await clocks.run(now)).toMatchObject({ kind: 'done', done: new Map([['consent', 1]]) });
    expect(await clocks.told(id)).toMatchObject([
      {
        status: 'expired',
        reason: 'consent_lapsed',
        direction: 'closing',
        actor: 'system',
        version: '6',
        decided_at: new Date(due),
        received_at: new Date(now),
        attributes: { dueAt: new Date(due).toISOString() },
      },
    ]);
    const { rows } = await clocks.app.sql.query(
      `SELECT status, allowed, version::int, lane FROM current_state JOIN outbox USING (position)
        WHERE current_state.subject_id = $1 AND purpose_id = 'prospect-newsletter'`,
      [id],
    );
    expect(rows).toEqual([{ status: 'expired', allowed: false, version: 6, lane: 0 }]);
  });

  it('ends at once a consent that came in lapsed, and tells the end of its proof (C04, C06)', async () => {
    const id = await newsletterGivenAt('2022-03-01T12:00:00Z');
    await clocks.run(at('2026-12-01T12:00:00Z'));
    const lapse = new Date('2025-03-01T12:00:00Z');
    expect(await clocks.told(id)).toMatchObject([{ status: 'expired', reason: 'consent_lapsed', decided_at: lapse }]);
    await clocks.run(at('2030-03-02T12:00:00Z'));
    expect(await clocks.told(id)).toMatchObject([
      {},
      { attributes: { fellDue: 'proof-retention', endedByVersion: '6' } },
    ]);
  });

  it('ends at once a consent that came in after its contract had ended (C04, C07)', async () => {
    const contractEnd = '2026-01-31T12:00:00.000Z';
    const id = await clocks.subject({ contractEnd });
    await clocks.decide(id, { purposeId: 'ads-data-targeted-advertising', decidedAt: '2025-06-01T12:00:00Z' });
    for (const now of [at('2026-12-01T12:00:00Z'), at('2026-12-01T12:00:01Z')]) await clocks.run(now);
    expect(await clocks.told(id)).toMatchObject([
      { status: 'expired', reason: 'contract_ended', decided_at: new Date(contractEnd) },
    ]);
  });

  it('is done once: not again when run again, nor when the clock jumps back and comes forward', async () => {
    const id = await newsletterGivenAt('2026-10-01T12:00:00Z');
    const due = at('2029-10-01T12:00:00Z');
    for (const now of [due, due, due - 400 * 86_400 * SECOND, due + SECOND]) await clocks.run(now);
    expect(await clocks.told(id)).toHaveLength(1);
  });

  it('comes in the order of its moments after a long downtime, over all people and for each of them (C07, C08)', async () => {
    const one = await clocks.subject({ contractEnd: '2026-12-31T23:00:00Z' });
    const account = { level: 'account', id: one.replace(/^.{8}/, '00000000') };
    await clocks.decide(one, { purposeId: 'ads-data-targeted-advertising' });
    await clocks.decide(one, { purposeId: 'tailored-offers-service-usage', scope: account });
    const other = await newsletterGivenAt('2026-11-02T12:00:00Z');
    await clocks.run(at('2040-01-01T00:00:00Z'));
    const told = await clocks.told(one, other);
    expect(
      told
        .filter(
          ({ purpose_id }) => /ads-data|tailored|newsletter/.test(purpose_id) && purpose_id !== 'customer-newsletter',
        )
        .map(
          ({ purpose_id, status, reason, attributes }) =>
            `${purpose_id} ${attributes['fellDue'] ?? `${status} ${reason}`}`,
        ),
    ).toEqual([
      'tailored-offers-service-usage given frozen_after_contract',
      'ads-data-targeted-advertising expired contract_ended',
      'ads-data-targeted-advertising data-retention',
      'ads-data-targeted-advertising data-retention',
      'ads-data-targeted-advertising data-retention',
      'prospect-newsletter expired consent_lapsed',
      'tailored-offers-service-usage expired period_after_contract_over',
      'ads-data-targeted-advertising proof-retention',
      'prospect-newsletter proof-retention',
      'tailored-offers-service-usage proof-retention',
    ]);
    const versions = told
      .filter(({ purpose_id }) => purpose_id !== 'prospect-newsletter')
      .map(({ version }) => Number(version));
    expect(versions).toEqual([...versions].sort((a, b) => a - b));
  });

  it('closes what was open by default and never decided, five years after the contract (C68), and at its end what has no data any more (C11)', async () => {
    const id = await clocks.subject({
      contractEnd: '2026-12-31T23:00:00Z',
      scopes: [{ level: 'account', id: (await clocks.subject()).replace(/^.{8}/, '00000001') }],
    });
    await clocks.run(at('2027-01-01T00:00:00Z'));
    const atEnd = (await clocks.told(id)).map(({ purpose_id }) => purpose_id);
    expect(atEnd).toContain('pickx-own-promotion');
    expect(atEnd).not.toContain('customer-direct-marketing');
    await clocks.run(at('2032-01-01T00:00:00Z'));
    expect(await clocks.told(id)).toContainEqual(
      expect.objectContaining({
        purpose_id: 'customer-direct-marketing',
        reason: 'period_after_contract_over',
        decided_at: new Date('2031-12-31T23:00:00Z'),
      }),
    );
  });

  it('opens the asking of a former customer with its window, whom nobody asked before, and closes it with the five years (C09)', async () => {
    const id = await clocks.subject({ roles: ['ex-customer'], contractEnd: '2024-12-31T11:00:00Z' });
    await clocks.run(at('2029-06-30T10:00:00Z') - 1);
    const told = async () =>
      (await clocks.told(id)).filter(({ purpose_id }) => purpose_id === 'ex-customer-consent-campaign');
    expect(await told()).toEqual([]);
    await clocks.run(at('2029-06-30T10:00:00Z'));
    await clocks.run(at('2029-12-31T11:00:00Z'));
    expect(await told()).toMatchObject([
      { allowed: true, reason: 'open_by_default', systems: [{ systemId: 'marketing-segmentation' }] },
      { allowed: false, reason: 'period_after_contract_over', systems: [{ systemId: 'marketing-segmentation' }] },
    ]);
  });

  it('leaves what the person said between the due moment and the run', async () => {
    const [withdrawn, renewed] = [
      await newsletterGivenAt('2023-11-30T12:00:00Z'),
      await newsletterGivenAt('2023-11-30T12:00:00Z'),
    ];
    // Both are due in a few days; a scheduler that was down comes back a year later.
    await clocks.decide(withdrawn, { status: 'withdrawn' });
    await clocks.decide(renewed, {});
    await clocks.run(at('2027-11-01T00:00:00Z'));
    expect(await clocks.told(withdrawn, renewed)).toEqual([]);
    const { rows } = await clocks.app.sql.query<{ due_at: Date }>(
      'SELECT due_at FROM subject WHERE subject_id = ANY ($1) ORDER BY due_at',
      [[withdrawn, renewed]],
    );
    // Next: the new consent's own end, and the end of the proof five years after the withdrawal.
    expect(rows.map(({ due_at }) => due_at.getUTCFullYear())).toEqual([2029, 2031]);
  });

  it('follows the contract when its end moves: the old moment passes without a word', async () => {
    const id = await clocks.subject({ contractEnd: '2026-12-01T00:00:00Z' });
    await clocks.decide(id, { purposeId: 'ads-data-targeted-advertising' });
    await clocks.app.call('PUT', `/v1/subjects/${id}/facts`, {
      body: { brand: 'proximus', roles: ['customer'], minor: false, contractEnd: '2028-12-01T00:00:00Z' },
    });
    await clocks.run(at('2027-06-01T00:00:00Z'));
    expect(await clocks.told(id)).toEqual([]);
    await clocks.run(at('2028-12-01T00:00:00Z'));
    expect((await clocks.told(id)).map(({ reason }) => reason)).toContain('contract_ended');
  });

  it('notes a proof that is needed no longer five years after the consent really ended, also under a newer consent (C04)', async () => {
    const id = await clocks.subject();
    await clocks.decide(id, { decidedAt: '2026-05-01T10:00:00Z' });
    await clocks.decide(id, { decidedAt: '2026-06-01T10:00:00Z', status: 'withdrawn' });
    await clocks.decide(id, { decidedAt: '2026-11-01T10:00:00Z' });
    const proofs = async () =>
      (
        await clocks.app.sql.query<object>(
          'SELECT purpose_id, version::int, ended_at, kept_until FROM proof_ended WHERE subject_id = $1 ORDER BY id',
          [id],
        )
      ).rows;
    await clocks.run(at('2031-06-01T09:59:59Z'));
    expect(await proofs()).toEqual([]);
    await clocks.run(at('2031-06-01T10:00:00Z'));
    await clocks.run(at('2031-06-02T10:00:00Z'));
    const first = {
      purpose_id: 'prospect-newsletter',
      version: 6,
      ended_at: new Date('2026-06-01T10:00:00Z'),
      kept_until: new Date('2031-06-01T10:00:00Z'),
    };
    expect(await proofs()).toEqual([first]);
    // The second consent lapsed in 2029, whatever the day its end was written down.
    await clocks.run(at('2034-11-01T10:00:00Z'));
    expect(await proofs()).toMatchObject([first, { version: 10, ended_at: new Date('2029-11-01T10:00:00Z') }]);
  });

  it('keeps the proof of a consent for five years also where the withdrawal says that it is older than the consent, or of a time to come (C04)', async () => {
    for (const decidedAt of ['2019-01-01T00:00:00Z', '2090-01-01T00:00:00Z']) {
      const id = await newsletterGivenAt('2026-11-01T12:00:00Z');
      await clocks.decide(id, { status: 'withdrawn', decidedAt });
      const proofs = async () =>
        (
          await clocks.app.sql.query<{ ended_at: Date }>(
            `SELECT ended_at FROM proof_ended JOIN ledger USING (subject_id, version)
              WHERE subject_id = $1 AND ended_at = received_at AND kept_until = received_at + interval '5 years'`,
            [id],
          )
        ).rows;
      await clocks.run(Date.now() + SECOND);
      expect(await clocks.told(id)).toEqual([]);
      await clocks.run(Date.now() + 6 * 366 * 86_400 * SECOND);
      expect(await clocks.told(id)).toMatchObject([{ attributes: { fellDue: 'proof-retention' } }]);
      expect(await proofs()).toHaveLength(1);
    }
  });

  it('notes that an objection need be kept no longer five years after its line was passed on: until then it suppresses (C05)', async () => {
    const [line, other] = [randomUUID(), randomUUID()];
    const id = await clocks.subject({
      scopes: [line, other].map((phone) => ({ level: 'contact_point', id: phone, kind: 'phone' })),
    });
    for (const phone of [line, other])
      await clocks.decide(id, {
        purposeId: 'contact-by-phone',
        scope: { level: 'contact_point', id: phone },
        status: 'objected',
      });
    const toSubjectId = await clocks.subject();
    const passed = await clocks.app.call('POST', `/v1/scopes/${line}/transfer`, { body: { toSubjectId } });
    expect(passed.status).toBe(201);
    const ended = await validUntil(line);
    const proofs = async () =>
      (
        await clocks.app.sql.query<object>(
          `SELECT ledger.scope_id, ledger.status, ended_at, kept_until FROM proof_ended JOIN ledger USING (subject_id, version)
            WHERE subject_id = $1`,
          [id],
        )
      ).rows;
    const keptUntil = fiveYearsAfter(ended);
    await clocks.run(keptUntil.getTime() - 1);
    expect(await proofs()).toEqual([]);
    for (const later of [0, SECOND]) await clocks.run(keptUntil.getTime() + later);
    expect(await proofs()).toEqual([{ scope_id: line, status: 'objected', ended_at: ended, kept_until: keptUntil }]);
    expect((await clocks.told(id)).map(({ attributes }) => attributes['fellDue'])).toEqual(['proof-retention']);
  });

  it('writes the end of each proof into the ledger, once and in its place, and tells no system: none has anything to do (C04)', async () => {
    const id = await newsletterGivenAt('2026-05-01T10:00:00Z');
    await clocks.decide(id, { decidedAt: '2026-06-01T10:00:00Z', status: 'withdrawn' });
    await clocks.decide(id, { decidedAt: '2026-11-01T10:00:00Z' });
    for (const now of ['2040-01-01T00:00:00Z', '2040-01-01T00:00:00Z', '2041-01-01T00:00:00Z'])
      await clocks.run(at(now));
    const told = await clocks.told(id);
    expect(
      told.map(({ version, decided_at, effective, attributes }) => [
        version,
        decided_at,
        effective,
        attributes['fellDue'],
      ]),
    ).toEqual([
      // The newsletter for customers closed and opened with it in between (C42).
      ['10', new Date('2029-11-01T10:00:00Z'), true, undefined],
      ['11', new Date('2031-06-01T10:00:00Z'), false, 'proof-retention'],
      ['12', new Date('2034-11-01T10:00:00Z'), false, 'proof-retention'],
    ]);
    expect(told.map(({ systems }) => systems.length)).toEqual([1, 0, 0]);
    expect(told.slice(1).map(({ attributes }) => attributes['endedByVersion'])).toEqual(['6', '10']);
    // What is in force, and what a system must be as far as, is the entry before.
    const { rows } = await clocks.app.sql.query(
      `SELECT current_state.version::int, status, subject.version::int AS newest
         FROM current_state JOIN subject USING (subject_id)
        WHERE subject_id = $1 AND purpose_id = 'prospect-newsletter'`,
      [id],
    );
    expect(rows).toEqual([{ version: 10, status: 'expired', newest: 12 }]);
  });

  it('keeps order among clocks of every kind: a reply falls late before the proof of an older consent ends', async () => {
    const id = await clocks.subject({ roles: ['customer', 'prospect'] });
    await clocks.decide(id, { decidedAt: '2021-12-01T10:00:00Z' });
    await clocks.decide(id, { decidedAt: '2022-03-01T10:00:00Z', status: 'withdrawn' });
    const objected = { purposeId: 'office-visitor-management', status: 'objection_submitted' };
    await clocks.decide(id, { ...objected, decidedAt: '2026-11-20T10:00:00Z' });
    await clocks.run(at('2030-01-01T00:00:00Z'));
    expect(
      (await clocks.told(id)).map(
        ({ attributes, decided_at }) => `${attributes['fellDue']} ${decided_at.toISOString()}`,
      ),
    ).toEqual(['reply 2026-12-20T10:00:00.000Z', 'proof-retention 2027-03-01T10:00:00.000Z']);
  });

  describe('of the data of an account', () => {
    const END = '2026-12-31T23:00:00Z';
    const accountOf = (id: string) => ({ level: 'account', id: id.replace(/^.{8}/, '00000002') });
    const endsOf = async (id: string, purposeId: string) =>
      (await clocks.told(id))
        .filter(({ purpose_id }) => purpose_id === purposeId)
        .map(({ ended_categories, attributes, allowed }) => ({
          at: attributes['dueAt']?.slice(0, 10),
          ended: ended_categories.map(({ category }) => category).join('+'),
          noted: attributes['fellDue'],
          allowed,
        }));

    it('says for each kind when its retention under a purpose has ended, to the systems concerned, once and in order (C11)', async () => {
      const id = await clocks.subject({ contractEnd: END });
      await clocks.app.call('PUT', `/v1/subjects/${id}/facts`, {
        body: { brand: 'proximus', roles: ['customer'], minor: false, contractEnd: END, scopes: [accountOf(id)] },
      });
      await clocks.decide(id, { purposeId: 'pickx-personalised-tv-ads', scope: accountOf(id) });
      await clocks.run(at('2028-01-01T00:00:00Z'));
      // Down for some years, and run again.
      for (const now of ['2031-01-01T00:00:00Z', '2031-01-01T00:00:00Z']) await clocks.run(at(now));
      const contact = ['collected:identification-contact', 'collected:personal-characteristics'];
      const habits = ['derived:segmentation-info', 'observed:consumption-habits', 'observed:tv-viewing-data'];
      const withContract = [
        ...['obtained:family-household-composition', 'obtained:statistical-area-data'],
        ...['observed:product-service-subscriptions', 'observed:remote-control-actions'],
      ];
      const promotion = [
        ...['derived:consumption-habits', 'derived:leisure-personal-interests', 'derived:preference-profile'],
        ...['derived:service-usage-interests', 'derived:traffic-interests', 'observed:product-service-subscriptions'],
        ...['observed:technical-identifiers', 'observed:tv-viewing-data'],
      ];
      const all = (...kinds: string[][]) => kinds.flat().sort().join('+');
      expect(await endsOf(id, 'pickx-personalised-tv-ads')).toEqual([
        { at: '2026-12-31', ended: all(contact, withContract), noted: undefined, allowed: false },
        {
          at: '2027-12-31',
          ended: all(contact, withContract, habits),
          noted: 'data-retention',
          allowed: false,
        },
        {
          at: '2028-12-31',
          ended: all(contact, withContract, habits, ['collected:customer-interactions']),
          noted: 'data-retention',
          allowed: false,
        },
      ]);
      expect(await endsOf(id, 'pickx-own-promotion')).toEqual([
        { at: '2026-12-31', ended: all(contact), noted: undefined, allowed: false },
        { at: '2028-12-31', ended: all(contact, promotion), noted: 'data-retention', allowed: false },
      ]);
      const { rows } = await clocks.app.sql.query<{ systems: { systemId: string }[] }>(
        `SELECT systems FROM ledger JOIN outbox USING (position)
          WHERE ledger.subject_id = $1 AND purpose_id = 'pickx-own-promotion' ORDER BY position`,
        [id],
      );
      expect(rows.at(-1)?.systems.map(({ systemId }) => systemId)).toEqual([
        'pickx-ad-targeting',
        'marketing-segmentation',
      ]);
    });

    it('begins where it would have when the end of the contract is told late', async () => {
      const id = await clocks.subject({ scopes: [accountOf(await clocks.subject())] });
      const ended = new Date(Date.now() - 3 * 366 * 86_400 * SECOND).toISOString();
      await clocks.app.call('PUT', `/v1/subjects/${id}/facts`, {
        body: { brand: 'proximus', roles: ['customer'], minor: false, contractEnd: ended },
      });
      await clocks.run(Date.now());
      await clocks.run(Date.now());
      const told = await clocks.told(id);
      expect(told.filter(({ purpose_id }) => purpose_id === 'pickx-own-promotion')).toMatchObject([
        { attributes: { dueAt: ended } },
        { attributes: { fellDue: 'data-retention' } },
      ]);
    });

    const FORMER = {
      roles: ['ex-customer'],
      contractStart: '2010-01-01T00:00:00Z',
      contractEnd: '2015-03-01T12:00:00Z',
    };
    const notedOf = async (id: string) =>
      (await clocks.told(id))
        .filter(({ attributes }) => attributes['fellDue'] === 'data-retention')
        .map(({ purpose_id, attributes }) => `${attributes['dueAt']?.slice(0, 10)} ${purpose_id}`);

    it('is told with the first facts of a person whose contract ended long before, once, and of a scope that a decision is the first to name', async () => {
      const openByDefault = [...clocks.app.catalogue.purposes.values()].filter(
        ({ choiceModel, defaultAllowed }) => choiceModel !== 'none' && defaultAllowed === true,
      );
      const withPeriod = openByDefault.filter(({ dataClocks }) => dataClocks.some(({ period }) => period !== null));
      const ofPerson = withPeriod.filter(({ scopeLevel }) => scopeLevel === 'person');
      const id = await clocks.subject(FORMER);
      await clocks.run(Date.now());
      const ofThePerson = await notedOf(id);
      expect(ofThePerson).toEqual(ofPerson.map((purpose) => `2020-03-01 ${purpose.id}`));
      await clocks.decide(id, { purposeId: 'pickx-own-promotion', scope: accountOf(id), status: 'objected' });
      await clocks.run(Date.now());
      expect((await notedOf(id)).slice(ofThePerson.length)).toEqual([
        '2015-03-01 customer-service-support',
        '2015-03-01 pickx-own-promotion',
        '2015-03-01 pickx-content-recommendations',
        '2017-03-01 pickx-own-promotion',
        '2017-03-01 pickx-content-recommendations',
        '2022-03-01 billing-and-accounting',
        '2025-03-01 legal-claims-archive',
      ]);
      const written = (await clocks.told(id)).length;
      await clocks.run(Date.now());
      expect(await clocks.told(id)).toHaveLength(written);
    });

    it('makes nobody due again whose ends were told, whatever is decided then', async () => {
      const id = await clocks.subject(FORMER);
      await clocks.run(Date.now());
      // Neither hangs on another purpose: of the person only these are read.
      for (const purposeId of ['market-research-invitations', 'dispute-management'])
        await clocks.decide(id, {
          purposeId,
          status: purposeId === 'dispute-management' ? 'objection_submitted' : 'objected',
        });
      const { rows } = await clocks.app.sql.query(
        'SELECT count(*)::int AS due FROM subject WHERE subject_id = $1 AND due_at <= now()',
        [id],
      );
      expect(rows).toEqual([{ due: 0 }]);
    });

    it('is told of people whose first facts came to a build that told none, once the ledger is migrated', async () => {
      const id = await clocks.subject(FORMER);
      await clocks.app.sql.query('UPDATE subject SET due_at = NULL');
      await clocks.run(Date.now());
      expect(await notedOf(id)).toEqual([]);
      await clocks.app.sql.query(readFileSync(MIGRATION, 'utf8'));
      await clocks.run(Date.now());
      expect(await notedOf(id)).toContain('2020-03-01 customer-newsletter');
    });

    it('is repeated by every later entry, sealed with it, and part of what reads answer', async () => {
      const id = await clocks.subject({ contractEnd: END });
      await clocks.decide(id, { purposeId: 'ads-data-targeted-advertising' });
      await clocks.run(at('2027-06-01T00:00:00Z'));
      await clocks.decide(id, { purposeId: 'ads-data-targeted-advertising', status: 'refused' });
      const { body } = await clocks.app.call<{ status: string; endedCategories: object[] }[]>(
        'GET',
        `/v1/subjects/${id}/decisions`,
      );
      expect(body.findLast(({ status }) => status === 'refused')).toMatchObject({
        endedCategories: [
          'collected:identification-contact',
          'collected:personal-characteristics',
          'observed:cookie-and-tracker-data',
          'observed:product-service-subscriptions',
          'obtained:statistical-area-data',
        ]
          .sort()
          .map((category) => ({ category, endedAt: new Date(END).toISOString() })),
      });
      const { rows } = await clocks.app.sql.query<LedgerRow>(
        `SELECT * FROM ledger WHERE subject_id = $1 AND ended_categories <> '[]'`,
        [id],
      );
      expect(rows.map((row) => hashOf(ledgerRowToEntry(row), row.salt))).toEqual(rows.map(({ row_hash }) => row_hash));
      expect(rows.map(({ status }) => status)).toContain('refused');
    });
  });

  it('goes through the bulk lane when many fall due at once, and live again for the last of them', async () => {
    const ids = await Promise.all([1, 2, 3].map(() => newsletterGivenAt('2026-09-01T12:00:00Z')));
    const due = at('2029-09-01T12:00:00Z');
    await clocks.run(due - 1);
    await clocks.run(due, 2);
    await clocks.run(due, 2);
    const { rows } = await clocks.app.sql.query<{ lane: number }>(
      `SELECT lane FROM outbox JOIN ledger USING (position)
        WHERE ledger.subject_id = ANY ($1) AND cause = 'clock' ORDER BY position`,
      [ids],
    );
    expect(rows.map(({ lane }) => lane)).toEqual([1, 1, 0]);
  });
});
