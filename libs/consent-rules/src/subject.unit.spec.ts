import { describe, expect, it } from '@jest/globals';
import { decide } from './decide.js';
import { evolve } from './evolve.js';
import { type BundleItem, closedBy, expandBundle, objectsToAllMarketing } from './expand-bundle.js';
import { permissionChanges } from './permission-changes.js';
import { factsFor, othersOf, permissionIn, prerequisitesOf, seenFrom, stateIn } from './prerequisites.js';
import {
  command,
  context,
  DAY,
  facts,
  history,
  NOW,
  optIn,
  optOut,
  SUBJECT,
  SYSTEM_DEADLINES,
} from './test-fixtures.js';
import { type Catalogue, type Purpose, type Scope, type ScopeFacts, type Status, type SubjectView } from './types.js';

const account: Scope = { level: 'account', id: 'a-1' };
const phone = { level: 'contact_point', id: 'c-1', kind: 'phone' } as const;
const mail = { level: 'contact_point', id: 'c-2', kind: 'email' } as const;
const screen = optOut({ id: 'screen', scopeLevel: 'account', ownMarketing: true });
const promotion = optOut({ id: 'promotion', scopeLevel: 'account', ownMarketing: true, dependsOn: ['screen'] });
const offers = optIn({ id: 'offers', ownMarketing: true });
const ads = optIn({
  id: 'ads',
  brands: ['proximus'],
  excludedBrands: ['scarlet'],
  clocks: [{ from: 'contract-end', period: 'PT0S', frozen: false, decision: 'C07' }],
});
const calls = optOut({ id: 'calls', scopeLevel: 'contact_point', ownMarketing: true, contactKind: 'phone' });
const purposes = [screen, promotion, offers, ads, calls];

const catalogue: Catalogue = {
  version: '2026-11-24.000000000000',
  purposes: new Map(purposes.map((p) => [p.id, p])),
  dependants: new Map([['screen', [promotion]]]),
  notices: [],
  bundles: new Map([['all', bundleOf(...purposes.map((p) => p.id))]]),
  confirmWithin: new Map(),
  dataCategories: new Map(),
  systems: SYSTEM_DEADLINES,
};
function bundleOf(...reached: string[]) {
  return { id: 'all', title: { en: '', nl: '', fr: '' }, decisions: [], purposes: reached };
}
const view = (over: Partial<SubjectView> = {}): SubjectView => ({
  subjectId: SUBJECT,
  facts: facts(),
  scopes: [account, phone, mail],
  states: [],
  ...over,
});

/** The view after the person decided. */
function after(v: SubjectView, item: BundleItem, decidedAt = NOW): SubjectView {
  const purpose = catalogue.purposes.get(item.purposeId) as Purpose;
  const current = stateIn(v, item.purposeId, item.scope.id);
  const others = othersOf(v, catalogue, item.scope, NOW);
  const result = decide(command({ ...item, decidedAt }), current, purpose, v.facts, context(others));
  if (result.kind === 'refused') throw new Error(result.message);
  const held = { scope: item.scope, purposeId: item.purposeId, state: evolve(current, result.entry) };
  const rest = v.states.filter((s) => s.purposeId !== item.purposeId || s.scope.id !== item.scope.id);
  return { ...v, states: [...rest, held] };
}
const person: Scope = { level: 'person', id: SUBJECT };
const yes = (purposeId: string): BundleItem => ({ scope: person, purposeId, status: 'given' });

let ids = 0;
const changes = (before: SubjectView, now: SubjectView) => {
  let version = 10;
  return permissionChanges(before, now, catalogue, {
    now: NOW,
    nextVersion: () => ++version,
    newDecisionId: () => `d${++ids}`,
    cause: 'facts',
    bundleId: null,
    caller: 'consent-service',
  });
};

describe('a bundle', () => {
  it('closes what is open by default too, each in the words of its legal basis, and counts what was closed', () => {
    const { items, unchanged } = expandBundle('all', after(view(), yes('offers')), catalogue);
    expect(items.map((i) => `${i.purposeId} ${i.scope.id} ${i.status}`)).toEqual([
      'screen a-1 objected',
      'promotion a-1 objected',
      `offers ${SUBJECT} withdrawn`,
      'calls c-1 objected',
    ]);
    expect(unchanged).toBe(1);
  });

  it('closes a yes that a rule holds closed, which would open again by itself', () => {
    const scarlet = after(view({ facts: facts({ brand: 'scarlet' }) }), yes('ads'));
    expect(stateIn(scarlet, 'ads', SUBJECT)?.allowed).toBe(false);
    expect(expandBundle('all', scarlet, catalogue).items).toContainEqual({ ...yes('ads'), status: 'withdrawn' });
  });

  it('closes what a reasoned objection holds closed, whose answer would open it, where the purpose needs no reason any more', () => {
    const decided = after(view(), { scope: phone, purposeId: 'calls', status: 'objected' }, NOW - 1);
    const states = decided.states.map((held) => ({
      ...held,
      state: { ...held.state, status: 'objection_submitted' as const },
    }));
    expect(expandBundle('all', { ...decided, states }, catalogue).items).toContainEqual({
      scope: { level: 'contact_point', id: phone.id },
      purposeId: 'calls',
      status: 'objected',
    });
  });

  it('closes defaults of a person of whom nothing is known, so that facts that come later open none of them', () => {
    const unknown = view({ facts: null });
    const { items } = expandBundle('all', unknown, catalogue);
    expect(items.map((i) => i.purposeId)).toEqual(['screen', 'promotion', 'calls']);
    const closed = items.reduce((v, i) => after(v, i), unknown);
    expect(changes(closed, { ...closed, facts: facts() })).toEqual([]);
  });

  it('closes a default that a rule holds closed too, so that no change of role, brand or prerequisite opens it later (C42)', () => {
    const objected = after(view(), { scope: account, purposeId: 'screen', status: 'objected' }, NOW - 1);
    const { items } = expandBundle('all', objected, catalogue);
    expect(items.map((i) => i.purposeId)).toEqual(['promotion', 'calls']);
    const all = items.reduce((v, i) => after(v, i), objected);
    const lifted = after(all, { scope: account, purposeId: 'screen', status: 'objection_lifted' }, NOW + 1);
    expect(permissionIn(lifted, catalogue, promotion, account, NOW + 1)).toMatchObject({ reason: 'objected' });
  });

  it('about one contact point closes that one and the purposes of the person, and is recorded anew where a no stands (C19)', () => {
    const agreed = after(view(), yes('offers'));
    const objected = after(agreed, { scope: phone, purposeId: 'calls', status: 'objected' }, NOW - 1);
    const about: Scope = { level: 'contact_point', id: phone.id };
    const hangUp = { ...bundleOf('offers', 'calls'), inOneScopeAt: about.level };
    const onePoint = { ...catalogue, bundles: new Map([['hang-up', hangUp]]) };
    expect(expandBundle('hang-up', objected, onePoint, about).items).toEqual([
      { ...yes('offers'), status: 'withdrawn' },
      { scope: about, purposeId: 'calls', status: 'objected' },
    ]);
    expect(closedBy('hang-up', onePoint)).toEqual(['offers']);
  });

  it('objects to all marketing when it reaches every purpose of it', () => {
    expect(objectsToAllMarketing('all', catalogue)).toBe(true);
    expect(objectsToAllMarketing('none', catalogue)).toBe(false);
  });

  it('that the catalogue does not define is an error that names those it does', () => {
    expect(() => expandBundle('none', view(), catalogue)).toThrow(/none is not in the catalogue; expected one of all/);
  });
});

describe('permission changes without a decision', () => {
  it('close a dependant with its prerequisite and open it again, and nobody is said to have objected', () => {
    const start = view();
    const objected = after(start, { scope: account, purposeId: 'screen', status: 'objected' }, NOW - 2);
    const [closing, ...more] = changes(start, objected);
    expect(more).toEqual([]);
    expect(closing).toMatchObject({
      purposeId: 'promotion',
      status: 'objection_lifted',
      direction: 'closing',
      cause: 'facts',
      version: 11,
      permission: { allowed: false, reason: 'prerequisite_closed' },
    });
    if (closing === undefined) return;
    const held = { scope: account, purposeId: 'promotion', state: evolve(null, closing) };
    const closed: SubjectView = { ...objected, states: [...objected.states, held] };
    expect(held.state.decidedAt).toBeNull();
    const lifted = after(closed, { scope: account, purposeId: 'screen', status: 'objection_lifted' });
    expect(changes(closed, lifted)).toMatchObject([
      { purposeId: 'promotion', direction: 'opening', permission: { allowed: true, reason: 'open_by_default' } },
    ]);
  });

  it('open a yes that waited for facts, keeping the moment it was decided', () => {
    const unknown = after(view({ facts: null }), yes('offers'), NOW - DAY);
    const known: SubjectView = { ...unknown, facts: facts() };
    expect(changes(unknown, known)).toMatchObject([
      { purposeId: 'offers', status: 'given', direction: 'opening', decidedAt: NOW - DAY },
    ]);
  });

  it('say nothing of defaults that open with the first facts', () => {
    expect(changes(view({ facts: null }), view())).toEqual([]);
  });

  it('close with the first facts what is open by default and closed under them, in each scope that it reaches', () => {
    const uncovered = { ...account, id: 'a-2', brand: 'mobile-vikings' };
    const entries = changes(view({ facts: null, scopes: [] }), view({ scopes: [account, uncovered, phone, mail] }));
    expect(entries.map((e) => `${e.purposeId} ${e.scope.id} ${e.direction} ${e.permission.reason}`)).toEqual([
      'screen a-2 closing brand_unknown',
      'promotion a-2 closing brand_unknown',
    ]);
    expect(entries).toMatchObject([
      { cause: 'facts', status: 'objection_lifted', version: 11 },
      { cause: 'facts', status: 'objection_lifted', version: 12 },
    ]);
  });

  it('tell with the first facts of a consent that waited, of what is closed by default, and leave what was decided as it is', () => {
    const unknown = after(view({ facts: null }), yes('offers'), NOW - DAY);
    const objected = after(unknown, { scope: account, purposeId: 'screen', status: 'objected' }, NOW - DAY);
    const entries = changes(objected, { ...objected, facts: facts() });
    expect(entries.map((e) => `${e.purposeId} ${e.direction} ${e.permission.reason}`)).toEqual([
      'promotion closing prerequisite_closed',
      'offers opening given',
    ]);
  });

  it('close with the first facts of who objected to all marketing, and was not known until then, what is open by default', () => {
    const objected = facts({ fullMarketingObjectionAt: NOW - DAY });
    const unknown = view({ facts: { ...objected, roles: [], unregistered: true } });
    const reasons = (v: SubjectView) => changes(unknown, v).map((e) => `${e.purposeId} ${e.permission.reason}`);
    expect(reasons(view({ facts: objected }))).toEqual([
      'screen full_marketing_objection',
      'promotion full_marketing_objection',
      'calls full_marketing_objection',
    ]);
    expect(reasons(unknown)).toEqual([]);
  });

  it('tell what was closed under facts that were known before anything was told of defaults, when the facts move next', () => {
    const old = view({ facts: facts({ brand: 'mobile-vikings' }), scopes: [account] });
    expect(changes(old, old).map(({ purposeId }) => purposeId)).toEqual(['screen', 'promotion']);
  });

  it('end a consent of 7.2.3 with the customer relation, dates or none, so that being a customer again asks again (C07)', () => {
    const start = after(view(), yes('ads'), NOW - DAY);
    const left: SubjectView = { ...start, facts: facts({ roles: ['ex-customer'] }) };
    const ended = changes(start, left).find(({ purposeId }) => purposeId === 'ads');
    expect(ended).toMatchObject({ status: 'expired', decidedAt: NOW, permission: { reason: 'no_contract' } });
    if (ended === undefined) return;
    const states = left.states.map((s) => ({ ...s, state: evolve(s.state, ended) }));
    const again = changes({ ...left, states }, { ...start, states });
    expect(again.filter(({ purposeId }) => purposeId === 'ads')).toEqual([]);
  });

  it('tell when an open permission will end, once the end of the contract is known', () => {
    const start = after(view(), yes('ads'));
    const contractEnd = NOW + 30 * DAY;
    const known: SubjectView = { ...start, facts: facts({ contractEnd }) };
    expect(changes(start, known)).toMatchObject([
      { purposeId: 'ads', direction: 'opening', permission: { allowed: true, nextChangeAt: contractEnd } },
    ]);
  });

  it('close a contact point that is added after an objection to all marketing, in the channel that reaches it (C18)', () => {
    const objected = view({ facts: facts({ fullMarketingObjectionAt: NOW - DAY }), scopes: [] });
    const entries = changes(objected, { ...objected, scopes: [phone, mail] });
    expect(entries).toMatchObject([
      { purposeId: 'calls', scope: { id: phone.id }, permission: { reason: 'full_marketing_objection' } },
    ]);
    expect(changes(objected, objected)).toEqual([]);
  });

  it('say each thing once', () => {
    const start = after(view(), yes('ads'));
    const moved: SubjectView = { ...start, facts: facts({ brand: 'scarlet' }) };
    const entries = changes(start, moved);
    expect(entries.map((e) => e.permission.reason)).toEqual(['brand_excluded']);
    const states = moved.states.map((s) => ({ ...s, state: entries.reduce(evolve, s.state) }));
    expect(changes({ ...moved, states }, { ...moved, states })).toEqual([]);
  });
});

describe('a scope with a brand of its own', () => {
  it('is judged by that brand, not by the person’s (C41)', () => {
    const p = optIn({ id: 'tv', scopeLevel: 'account', brands: ['proximus'], excludedBrands: ['scarlet'] });
    const v = view({ scopes: [{ ...account, brand: 'scarlet' }] });
    const state = after(view(), yes('offers')).states[0]?.state;
    if (state === undefined) throw new Error('no state');
    const both = { ...v, states: [{ scope: account, purposeId: 'tv', state }] };
    expect(permissionIn(both, catalogue, p, account, NOW).reason).toBe('brand_excluded');
    expect(permissionIn({ ...both, scopes: [account] }, catalogue, p, account, NOW).allowed).toBe(true);
  });
});

describe('a subject as seen from one scope', () => {
  const [one, other] = ['d-1', 'd-2'].map((id) => ({ level: 'device', id }) as const) as [Scope, Scope];
  const cookies = optIn({ id: 'cookies', scopeLevel: 'device' });
  const held = (scope: Scope, status: Status = 'given') => {
    const { state } = history([{ scope, purposeId: 'cookies', status }], { ...cookies, scopeLevel: scope.level });
    if (state === null) throw new Error('not decided');
    return { scope, purposeId: 'cookies', state };
  };
  const whole: SubjectView = {
    subjectId: SUBJECT,
    facts: facts(),
    scopes: [one, other, account],
    states: [held(one), held(other, 'refused'), held(account)],
  };

  it('has that scope alone of its level, of its facts and of its decisions, and all scopes of other levels', () => {
    const { scopes, states, ...rest } = seenFrom(whole, one);
    expect(scopes).toEqual([one, account]);
    expect(states.map(({ scope }) => scope)).toEqual([one, account]);
    expect(rest).toEqual({ subjectId: SUBJECT, facts: facts(), from: one });
  });

  it('is judged by a device that refused though another one agreed (C62)', () => {
    const known = new Map([[cookies.id, cookies]]);
    const may = (view: SubjectView) => prerequisitesOf(view, { purposes: known }, person, NOW)('cookies');
    const allowed = [whole, seenFrom(whole, one), seenFrom(whole, other)].map((view) => may(view).allowed);
    expect(allowed).toEqual([true, true, false]);
  });

  describe('of which one account is Proximus and another Scarlet', () => {
    const [proximus, scarlet] = ['proximus', 'scarlet'].map((brand) => ({ ...account, id: `a-${brand}`, brand })) as [
      ScopeFacts,
      ScopeFacts,
    ];
    const agreed = after(view({ scopes: [proximus, scarlet, account] }), yes('ads'));
    const reasonOf = (brand: string, from: Scope, v = agreed): string => {
      const seen = seenFrom({ ...v, facts: facts({ brand }) }, from);
      return permissionIn(seen, catalogue, ads, person, NOW).reason;
    };

    it('is judged for what the person decided by the brand of the account, not by the person’s (C41, C87)', () => {
      for (const brand of ['proximus', 'scarlet']) {
        expect(reasonOf(brand, scarlet)).toBe('brand_excluded');
        expect(reasonOf(brand, proximus)).toBe('given');
      }
    });

    it('keeps the brand of the person where the account has none, and as seen from the person', () => {
      for (const from of [account, person]) {
        expect(reasonOf('proximus', from)).toBe('given');
        expect(reasonOf('scarlet', from)).toBe('brand_excluded');
      }
    });

    it('opens nothing by an account that is no longer the person’s', () => {
      const left = { ...agreed, scopes: [{ ...proximus, validUntil: NOW }] };
      expect(reasonOf('scarlet', proximus, left)).toBe('scope_ended');
    });

    it('leaves scopes of other levels their own brand', () => {
      const seen = seenFrom({ ...whole, scopes: [one, scarlet] }, scarlet);
      expect(factsFor(seen, person)?.brand).toBe('scarlet');
      expect(factsFor(seen, one)?.brand).toBe('proximus');
    });
  });
});
