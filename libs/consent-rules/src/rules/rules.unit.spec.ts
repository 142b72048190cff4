import { describe, expect, it } from '@jest/globals';
import { contactPermission, coversChannel } from '../contact-permission.js';
import { permission } from '../permission.js';
import { closedPrerequisites, DAY, facts, history, NOW, openPrerequisites, optIn, optOut } from '../test-fixtures.js';
import { type Purpose, type SubjectFacts, type TripleState } from '../types.js';

const YEAR = 365.25 * DAY;
const may = (p: Purpose, f: SubjectFacts | null = facts(), state: TripleState | null = null, now = NOW) =>
  permission(p, state, f, now, openPrerequisites);
const given = (decidedAt: number, p: Purpose, f: SubjectFacts = facts()) => history([{ decidedAt }], p, f, NOW).state;

describe('permission', () => {
  it('is denied for a purpose the catalogue does not know', () => {
    expect(permission(null, null, facts(), NOW, openPrerequisites)).toMatchObject({
      allowed: false,
      reason: 'purpose_unknown',
    });
  });
  it('is denied without facts, even where the default is open', () => {
    expect(may(optOut(), null)).toMatchObject({ allowed: false, reason: 'facts_missing' });
  });
  it('says why in three languages', () => {
    const { sentence } = may(optOut());
    expect(Object.keys(sentence)).toEqual(['en', 'nl', 'fr']);
  });
  it('is given where no choice exists', () => {
    const p = optIn({ choiceModel: 'none', defaultAllowed: null });
    expect(may(p)).toMatchObject({ allowed: true, reason: 'no_choice' });
  });
});

describe('brand', () => {
  const advertising = optIn({ brands: ['proximus'], excludedBrands: ['scarlet'] });
  it('closes 7.2.3 and loyalty for Scarlet whatever was said (C40)', () => {
    expect(may(advertising, facts({ brand: 'scarlet' }), given(NOW, advertising))).toMatchObject({
      allowed: false,
      reason: 'brand_excluded',
    });
  });
  it.each([null, 'vikings'])('closes everything for brand %s, which the statement does not cover (C40)', (brand) => {
    expect(may(optOut(), facts({ brand }))).toMatchObject({ allowed: false, reason: 'brand_unknown' });
  });
});

describe('role', () => {
  it('opens a default only for the people the section speaks of (C68)', () => {
    expect(may(optOut(), facts({ roles: ['prospect'] })).reason).toBe('role_not_covered');
    expect(may(optOut(), facts({ roles: ['prospect', 'customer'] })).allowed).toBe(true);
  });
  it('leaves a consent to its clocks when the role changes (C42)', () => {
    expect(may(optIn(), facts({ roles: ['ex-customer'] }), given(NOW, optIn())).allowed).toBe(true);
  });
});

describe('age', () => {
  const p = optIn({ profiling: true });
  it('of a known minor closes every profile, consent or not, and nothing else (C38)', () => {
    expect(may(p, facts({ minor: true }), given(NOW, p)).reason).toBe('minor_not_profiled');
    expect(may(optIn(), facts({ minor: true }), given(NOW, optIn())).allowed).toBe(true);
  });
  it('and a person whose age is not known is treated alike, until the age is known', () => {
    const p = optIn({ profiling: true });
    expect(may(p, facts({ minor: null }), given(NOW, p)).reason).toBe('age_unknown');
    expect(may(p, facts({ minor: false }), given(NOW, p)).allowed).toBe(true);
  });
});

describe('a scope', () => {
  it('allows nothing before it is the person’s and after it has passed on, and says when it changes (C88)', () => {
    const p = optOut({ scopeLevel: 'line' });
    const f = facts({ validFrom: NOW, validUntil: NOW + DAY });
    expect(may(p, f, null, NOW - 1)).toMatchObject({ reason: 'scope_not_yet_valid', nextChangeAt: NOW });
    expect(may(p, f, null, NOW)).toMatchObject({ allowed: true, nextChangeAt: NOW + DAY });
    expect(may(p, f, null, NOW + DAY)).toMatchObject({ allowed: false, reason: 'scope_ended', nextChangeAt: null });
  });
});

describe('a choice in the words of another model, from before the catalogue changed', () => {
  it('opens no purpose that asks for consent', () => {
    const { state } = history([{ status: 'objected', decidedAt: NOW - DAY }, { status: 'objection_lifted' }], optOut());
    expect(may(optOut(), facts(), state).allowed).toBe(true);
    expect(may(optIn(), facts(), state)).toMatchObject({ allowed: false, reason: 'closed_by_default' });
  });
});

describe('the consent clock', () => {
  const p = optIn({ clocks: [{ from: 'consent', period: 'P3Y', frozen: false, decision: 'C06' }] });
  const leapDay = Date.UTC(2024, 1, 29, 12);
  it('ends a prospect’s consent three calendar years after it was given, and says when (C06, C09)', () => {
    const end = Date.UTC(2027, 1, 28, 12);
    const state = given(leapDay, p);
    expect(may(p, facts(), state)).toMatchObject({ allowed: true, nextChangeAt: end });
    expect(may(p, facts(), state, end - 1).allowed).toBe(true);
    expect(may(p, facts(), state, end)).toMatchObject({ allowed: false, reason: 'consent_lapsed' });
  });
  it('keeps the local hour over a change to daylight saving', () => {
    const winter = Date.UTC(2024, 2, 30, 11); // noon in Brussels, a day before the clocks change in 2024
    const summer = Date.UTC(2027, 2, 30, 10); // noon in Brussels, after they changed in 2027
    expect(may(p, facts(), given(winter, p)).nextChangeAt).toBe(summer);
  });
});

describe('the contract clock', () => {
  const clock = (period: string, frozen = false) => [
    { from: 'contract-end' as const, period, frozen, decision: 'C07' },
  ];
  const ads = optIn({ clocks: clock('PT0S') });
  const contractEnd = NOW + 30 * DAY;

  it('ends advertising consents with the contract (C07)', () => {
    const state = given(NOW, ads);
    expect(may(ads, facts({ contractEnd }), state)).toMatchObject({ allowed: true, nextChangeAt: contractEnd });
    expect(may(ads, facts({ contractEnd }), state, contractEnd).reason).toBe('contract_ended');
  });
  it('counts a contract or a choice of the very moment at which the old contract ended to the old one', () => {
    const end = NOW - 10 * DAY;
    const later = (contractStart: number) => facts({ contractEnd: end, contractStart });
    expect(may(ads, later(end), given(NOW - DAY, ads)).reason).toBe('contract_ended');
    expect(may(ads, later(end + 1), given(end, ads)).reason).toBe('contract_ended');
    expect(may(ads, later(end + 1), given(end + 1, ads)).allowed).toBe(true);
  });
  it('is over at its very moment, and not before', () => {
    const p = optIn({ clocks: clock('P1Y') });
    const frozen = optIn({ clocks: clock('P1Y', true) });
    const over = Date.UTC(2027, 11, 24, 11);
    const at = (one: Purpose, now: number) => may(one, facts({ contractEnd }), given(NOW, one), now);
    expect(at(ads, contractEnd - 1)).toMatchObject({ allowed: true, reason: 'given' });
    expect(at(ads, contractEnd)).toMatchObject({ allowed: false, reason: 'contract_ended', nextChangeAt: null });
    expect(at(p, over - 1)).toMatchObject({ allowed: true, nextChangeAt: over });
    expect(at(p, over)).toMatchObject({ allowed: false, reason: 'period_after_contract_over' });
    expect(at(frozen, contractEnd - 1)).toMatchObject({ reason: 'given', nextChangeAt: contractEnd });
    expect(at(frozen, contractEnd)).toMatchObject({ reason: 'frozen_after_contract', nextChangeAt: over });
  });
  it('asks again under a new contract', () => {
    const f = facts({ contractEnd: NOW - 10 * DAY, contractStart: NOW - 5 * DAY });
    expect(may(ads, f, given(NOW - 20 * DAY, ads)).allowed).toBe(false);
    expect(may(ads, f, given(NOW - DAY, ads)).allowed).toBe(true);
  });
  it('opens no consent that was given while no contract ran, when a later contract begins (C07)', () => {
    const between = given(NOW - 100 * DAY, ads, facts({ roles: ['ex-customer'], contractEnd: NOW - 400 * DAY }));
    const renewed = facts({ contractEnd: NOW - 400 * DAY, contractStart: NOW - DAY });
    expect(may(ads, renewed, between).reason).toBe('consent_before_contract');
    expect(may(ads, facts({ contractStart: NOW - DAY }), between).reason).toBe('consent_before_contract');
    expect(may(ads, renewed, given(NOW, ads)).allowed).toBe(true);
  });
  it.each<[SubjectFacts['roles']]>([[['prospect']], [['ex-customer']], [[]]])(
    'opens no consent of %j, who is no customer (C07)',
    (roles) => {
      const f = facts({ roles });
      expect(may(ads, f, given(NOW, ads, f))).toMatchObject({ reason: 'no_contract', nextChangeAt: null });
    },
  );
  it('leaves what needs no consent to a later contract, whatever was objected to and taken back before it (C68)', () => {
    const p = optOut({ clocks: clock('P5Y') });
    const f = facts({ contractEnd: NOW - 2_200 * DAY, contractStart: NOW - 2_100 * DAY });
    const lifted = history(
      [
        { status: 'objected', decidedAt: NOW - 2_600 * DAY },
        { status: 'objection_lifted', decidedAt: NOW - 2_500 * DAY },
      ],
      p,
      f,
    ).state;
    expect(may(p, f, lifted)).toMatchObject({ allowed: true, reason: 'objection_lifted', nextChangeAt: null });
    expect(may(p, f, null).allowed).toBe(true);
  });
  it('freezes tailored offers at contract end and ends them five years later (C08)', () => {
    const p = optIn({ clocks: clock('P5Y', true) });
    const ended = facts({ contractEnd: NOW - DAY });
    expect(may(p, ended, given(NOW - 9 * DAY, p))).toMatchObject({ allowed: true, reason: 'frozen_after_contract' });
    expect(may(p, ended, given(NOW - 9 * DAY, p), NOW + 5 * YEAR).reason).toBe('period_after_contract_over');
  });
  it('opens nothing by a yes to tailored offers from before the contract, whichever way the earlier one is told (C08)', () => {
    const p = optIn({ clocks: clock('P5Y', true) });
    const yes = given(NOW - 900 * DAY, p);
    expect(may(p, facts({ contractStart: NOW - DAY }), yes).reason).toBe('consent_before_contract');
    const kept = facts({ contractEnd: NOW - 800 * DAY, contractStart: NOW - DAY });
    expect(may(p, kept, yes).reason).toBe('frozen_after_contract');
    expect(may(p, kept, given(NOW, p))).toMatchObject({ allowed: true, reason: 'given' });
  });
  it.each([{}, { contractStart: NOW - 90 * DAY }, { contractEnd: NOW - 90 * DAY, contractStart: NOW - 80 * DAY }])(
    'ends tailored offers of who is no customer any more, where the end of the contract is not told: %j (C08)',
    (dates) => {
      const p = optIn({ clocks: clock('P5Y', true) });
      const former = facts({ roles: ['ex-customer'], ...dates });
      const unknown = { allowed: false, reason: 'contract_end_unknown', nextChangeAt: null };
      expect(may(p, former, given(NOW - 9 * DAY, p))).toMatchObject(unknown);
      expect(may(p, former, given(NOW, p, former))).toMatchObject(unknown);
    },
  );
  it('freezes tailored offers as soon as the roles say that the person is no customer, before a told end too (C08)', () => {
    const p = optIn({ clocks: clock('P5Y', true) });
    const former = facts({ roles: ['ex-customer'], contractEnd });
    expect(may(p, former, given(NOW - DAY, p))).toMatchObject({ allowed: true, reason: 'frozen_after_contract' });
  });
  it('closes what runs on after a contract for former customers of whom no end is known, and for no customer (C68)', () => {
    const p = optOut({ clocks: clock('P5Y'), roles: ['customer', 'ex-customer'] });
    const unknown = { allowed: false, reason: 'contract_end_unknown', nextChangeAt: null };
    expect(may(p, facts({ roles: ['ex-customer'] }))).toMatchObject(unknown);
    expect(may(p, facts({ roles: ['customer'] })).allowed).toBe(true);
    expect(may(p, facts({ roles: ['customer', 'ex-customer'] })).allowed).toBe(true);
    expect(may(p, facts({ roles: ['ex-customer'], contractEnd: NOW - DAY })).allowed).toBe(true);
  });
  it('ends campaigns to former customers five years after the contract (C68)', () => {
    const p = optOut({ clocks: clock('P5Y'), roles: ['customer', 'ex-customer'] });
    const f = facts({ roles: ['ex-customer'], contractEnd: Date.UTC(2021, 10, 23, 11) });
    expect(may(p, f).reason).toBe('period_after_contract_over');
  });
  it('opens a purpose with a window in the last part of its period alone, and says when that begins and ends (C09)', () => {
    const p = optOut({ clocks: clock('P5Y').map((c) => ({ ...c, window: 'P6M' })), roles: ['ex-customer'] });
    // Noon in Brussels: five years on, and on the last day of February before.
    const f = facts({ roles: ['ex-customer'], contractEnd: Date.UTC(2022, 7, 31, 10) });
    const [opens, ends] = [Date.UTC(2027, 1, 28, 11), Date.UTC(2027, 7, 31, 10)];
    const early = { allowed: false, reason: 'too_early_after_contract', nextChangeAt: opens };
    expect(may(p, f)).toMatchObject(early);
    expect(may(p, f, null, Date.UTC(2022, 7, 1))).toMatchObject(early);
    expect(may(p, f, null, opens - 1)).toMatchObject(early);
    for (const at of [opens, ends - 1])
      expect(may(p, f, null, at)).toMatchObject({ allowed: true, reason: 'open_by_default', nextChangeAt: ends });
    expect(may(p, f, null, ends)).toMatchObject({ reason: 'period_after_contract_over', nextChangeAt: null });
  });
  it('opens no purpose with a window while no end of the contract is known, or a later one runs (C09)', () => {
    const p = optOut({ clocks: clock('P5Y').map((c) => ({ ...c, window: 'P6M' })), roles: ['ex-customer'] });
    const end = Date.UTC(2022, 0, 31, 11);
    for (const dates of [{}, { contractEnd: null }, { contractEnd: end, contractStart: end + DAY }])
      expect(may(p, facts({ roles: ['ex-customer'], ...dates }))).toMatchObject({
        allowed: false,
        reason: 'contract_end_unknown',
        nextChangeAt: null,
      });
    expect(may(p, facts({ roles: ['ex-customer'], contractEnd: end })).allowed).toBe(true);
  });
});

describe('an objection to all marketing', () => {
  const offers = optIn({ ownMarketing: true });
  const objected = facts({ fullMarketingObjectionAt: NOW });
  it('wins over an older consent to own offers (C21)', () => {
    expect(may(offers, objected, given(NOW - DAY, offers), NOW + DAY).reason).toBe('full_marketing_objection');
  });
  it('gives way to a newer yes of the person (C21)', () => {
    expect(may(offers, objected, given(NOW + 1, offers), NOW + DAY).allowed).toBe(true);
  });
  it('closes a contact point that is added later, until the person opens it (C18)', () => {
    const phone = optOut({ ownMarketing: true, roles: [], contactKind: 'phone' });
    expect(may(phone, objected, null, NOW + DAY).reason).toBe('full_marketing_objection');
    const lifted = history([{ status: 'objection_lifted', decidedAt: NOW + 1 }], phone, objected, NOW + DAY).state;
    expect(may(phone, objected, lifted, NOW + DAY).allowed).toBe(true);
  });
  it('does not reach the advertising of third parties (C21)', () => {
    expect(may(optIn(), objected, given(NOW - DAY, optIn()), NOW + DAY).allowed).toBe(true);
  });
});

describe('prerequisites', () => {
  it('close what stands on them (C16, C62, C85)', () => {
    const profession = optIn({ dependsOn: ['directory-contact-listing'] });
    expect(permission(profession, given(NOW, profession), facts(), NOW, closedPrerequisites).reason).toBe(
      'prerequisite_closed',
    );
  });
});

describe('a contact', () => {
  it('is made through no channel that the purpose does not name (C19, C51)', () => {
    const newsletter = optOut({ contactChannels: ['contact-by-email'] });
    expect(coversChannel(newsletter, 'contact-by-email')).toBe(true);
    expect(coversChannel(newsletter, 'contact-by-phone')).toBe(false);
    expect(coversChannel(optOut(), 'contact-by-phone')).toBe(false);
    expect(contactPermission(open, null)).toMatchObject({ allowed: false, reason: 'channel_not_covered' });
    expect(contactPermission(closed, null).reason).toBe('closed_by_default');
  });
  const open = may(optOut());
  const closed = may(optIn());
  it('needs the purpose and the channel of that contact point, both (C18)', () => {
    expect(contactPermission(open, open).allowed).toBe(true);
    expect(contactPermission(open, closed)).toMatchObject({ allowed: false, reason: 'channel_closed' });
    expect(contactPermission(closed, open)).toMatchObject({ allowed: false, reason: 'closed_by_default' });
  });
  it('may change by itself when the first of the two does', () => {
    const until = (nextChangeAt: number | null) => ({ ...open, nextChangeAt });
    expect(contactPermission(until(5), until(3)).nextChangeAt).toBe(3);
    expect(contactPermission(until(null), until(3)).nextChangeAt).toBe(3);
    expect(contactPermission(until(null), until(null)).nextChangeAt).toBeNull();
  });
});
