import { describe, expect, it } from '@jest/globals';
import { addPeriod, periodBefore } from './calendar.js';
import { storedCatalogue } from './catalogue/parse-catalogue.js';
import { clockChanges, nextClock } from './clock-changes.js';
import { firstMissedEnd } from './data-retention.js';
import { toldEnds } from './ended-categories.js';
import { evolve } from './evolve.js';
import { judgeCategory, permissionForCategory } from './permission-for-category.js';
import { permissionIn, stateIn } from './prerequisites.js';
import { catalogueFiles, realCatalogue as catalogue } from './spec-catalogue.js';
import { facts, SUBJECT } from './test-fixtures.js';
import {
  type Catalogue,
  type DataClock,
  type Purpose,
  type Scope,
  type SubjectView,
  type TripleState,
} from './types.js';
import { explain } from './why/explain.js';

const END = Date.UTC(2024, 5, 1);
const WITH_CLOCKS = [...catalogue.purposes.values()].filter(({ dataClocks }) => dataClocks.length > 0);
const scopeOf = ({ scopeLevel }: Purpose): Scope =>
  scopeLevel === 'person' ? { level: 'person', id: SUBJECT } : { level: scopeLevel ?? 'person', id: 'its-own' };
const onDay = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString().slice(0, 10));

/** Open since a year before the contract ended. */
const open = (purpose: Purpose, endedCategories: TripleState['endedCategories'] = []): SubjectView => ({
  subjectId: SUBJECT,
  facts: facts({ roles: purpose.roles, contractEnd: END }),
  scopes: purpose.scopeLevel === 'person' ? [] : [scopeOf(purpose)],
  states: [
    {
      scope: scopeOf(purpose),
      purposeId: purpose.id,
      state: {
        ...{ version: 1, decisionId: 'd', status: 'given', allowed: true, reason: 'given', nextChangeAt: null },
        ...{
          decidedAt: addPeriod(END, 'P1Y') - 2 * 366 * 86_400_000,
          closedDecidedAt: null,
          saidNoAt: null,
          announcedPeriod: null,
        },
        endedCategories,
      },
    },
  ],
});
const renewed = (view: SubjectView): SubjectView => ({
  ...view,
  facts: facts({ ...view.facts, contractStart: Date.UTC(2040, 0, 1), contractEnd: null }),
});
const byName = (a: { category: string }, b: { category: string }): number => (a.category < b.category ? -1 : 1);
/** What the clock says of a kind of data, whatever other purposes open it. */
const ask = (view: SubjectView, purpose: Purpose, category: string, at: number) =>
  judgeCategory({ view, catalogue, purpose: { ...purpose, categoryGates: [] }, scope: scopeOf(purpose), at }, category);

/** What the purpose uses: by its table, its text, or a gate. */
const usedBy = ({ dataCategories, dataCategoriesOutsideTable, categoryGates }: Purpose): string[] => {
  const barred = categoryGates.filter(({ needsGrantOf }) => needsGrantOf.length === 0).map(({ category }) => category);
  const all = [...dataCategories, ...dataCategoriesOutsideTable, ...categoryGates.map(({ category }) => category)];
  return [...new Set(all)].filter((category) => !barred.includes(category));
};

describe('each kind of data under each purpose (C11)', () => {
  it('has one clock, under its name in the vocabulary, unless the text gives it no end (C12, C82)', () => {
    expect(WITH_CLOCKS).toHaveLength(20);
    const without = WITH_CLOCKS.filter((purpose) => {
      const clocked = purpose.dataClocks.map(({ category }) => category);
      expect([purpose.id, clocked.length]).toEqual([purpose.id, new Set(clocked).size]);
      for (const category of clocked) expect(catalogue.dataCategories.has(category)).toBe(true);
      return usedBy(purpose).some((category) => !clocked.includes(category));
    });
    expect(without.map(({ id, retention }) => [id, retention.find(({ unstated }) => unstated)?.unstated])).toEqual([
      ['billing-and-accounting', 'C82'],
      ['market-research-invitations', 'C12'],
    ]);
  });

  it.each(WITH_CLOCKS.map((purpose) => [purpose.id, purpose] as const))(
    'may be used for %s until its own limit and not from then on, and under a later contract from the limit on',
    (_, purpose) => {
      for (const { category, period, perItem } of purpose.dataClocks) {
        const limit = addPeriod(END, period ?? 'PT0S');
        const view = open(purpose);
        const youngest = perItem === null ? null : periodBefore(limit - 1, perItem);
        expect(ask(view, purpose, category, limit - 1)).toEqual({ kind: 'usable', since: youngest, until: limit });
        expect(ask(view, purpose, category, limit)).toEqual({ kind: 'ended', endedAt: limit });
        const told = renewed(open(purpose, [{ category, endedAt: limit }]));
        expect(ask(told, purpose, category, limit + 1)).toEqual({ kind: 'usable', since: limit, until: null });
      }
    },
  );

  it('is told with the entry that closes a scope which came after the contract, so that none is missed', () => {
    const archive = catalogue.purposes.get('legal-claims-archive') as Purpose;
    const account = { ...scopeOf(archive), validFrom: addPeriod(END, 'P1Y'), validUntil: null };
    const view = { ...open(archive), scopes: [account], states: [] };
    const told = run(view);
    expect(stateIn(told, archive.id, account.id)).toMatchObject({
      reason: 'period_after_contract_over',
      endedCategories: archive.dataClocks
        .map(({ category }) => ({ category, endedAt: addPeriod(END, 'P10Y') }))
        .sort(byName),
    });
    expect(firstMissedEnd(told, catalogue, Date.UTC(2039, 0, 1))).toBeNull();
  });

  /** Of the first contract all ends are told, by the clock or as of before; then another begins. */
  const afterRenewal = (purpose: Purpose, told?: TripleState['endedCategories']) => {
    const view = told === undefined ? run(open(purpose)) : open(purpose, told);
    return Object.fromEntries(
      [
        'collected:identification-contact',
        'derived:segmentation-info',
        'observed:tv-viewing-data',
        'collected:customer-interactions',
        'obtained:statistical-area-data',
      ].map((category) => {
        const verdict = ask(renewed(view), purpose, category, addPeriod(END, 'P2Y'));
        return [category, verdict.kind === 'usable' ? onDay(verdict.since) : verdict.kind];
      }),
    );
  };
  const SINCE = {
    'collected:identification-contact': '2024-06-01',
    'derived:segmentation-info': '2025-06-01',
    'observed:tv-viewing-data': '2025-06-01',
    'collected:customer-interactions': '2026-06-01',
  };

  it.each(['ads-data-targeted-advertising', 'pickx-personalised-tv-ads', 'broadcaster-targeted-tv-ads'])(
    'is used for %s under a new contract only as far as its clock under the old one left it',
    (id) => {
      const purpose = catalogue.purposes.get(id) as Purpose;
      // What no clock names goes with the contract, as the purpose does.
      expect(afterRenewal(purpose)).toEqual({ ...SINCE, 'obtained:statistical-area-data': '2024-06-01' });
    },
  );

  it('had its end before a later contract began, whether or not an entry told it by then', () => {
    const marketing = catalogue.purposes.get('customer-direct-marketing') as Purpose;
    const [clock] = marketing.dataClocks as [DataClock];
    const begun = (contractStart: number): SubjectView => {
      const view = open(marketing);
      return { ...view, facts: facts({ ...view.facts, contractStart, contractEnd: END }) };
    };
    const limit = addPeriod(END, 'P5Y');
    const later = addPeriod(END, 'P6Y');
    expect(firstMissedEnd(begun(later), catalogue, later)).not.toBeNull();
    expect(ask(begun(later), marketing, clock.category, later)).toEqual({ kind: 'usable', since: limit, until: null });
    const within = ask(begun(addPeriod(END, 'P1Y')), marketing, clock.category, later);
    expect(within).toEqual({ kind: 'usable', since: null, until: null });
  });

  it('has the end that entries told under a name for several kinds, before each had its own', () => {
    const purpose = catalogue.purposes.get('ads-data-targeted-advertising') as Purpose;
    const told = [
      { category: 'consumption-habits-and-segmentation', endedAt: addPeriod(END, 'P1Y') },
      { category: 'customer-interactions', endedAt: addPeriod(END, 'P2Y') },
      { category: 'identification-and-contact', endedAt: END },
    ];
    expect(afterRenewal(purpose, told)).toEqual({ ...SINCE, 'obtained:statistical-area-data': null });
    // A later end of one kind counts for that kind alone.
    const later = [...told, { category: 'derived:segmentation-info', endedAt: addPeriod(END, 'P9Y') }];
    const ends = toldEnds(purpose, { endedCategories: later });
    expect(ends.map(({ category, endedAt }) => `${category} ${onDay(endedAt)}`)).toEqual([
      'collected:customer-interactions 2026-06-01',
      'collected:identification-contact 2024-06-01',
      'collected:personal-characteristics 2024-06-01',
      'derived:segmentation-info 2033-06-01',
      'observed:consumption-habits 2025-06-01',
      'observed:tv-viewing-data 2025-06-01',
    ]);
  });
});

describe('each item of data, where the text counts from its collection (C11)', () => {
  const HABITS = ['observed:consumption-habits', 'observed:tv-viewing-data'];
  const SEGMENTED = [...HABITS, 'derived:segmentation-info'];
  const NAMED = ['collected:identification-contact', 'collected:personal-characteristics'];
  const INTERACTIONS = { P2Y: ['collected:customer-interactions'] };
  const othersOf = (id: string) => {
    const purpose = catalogue.purposes.get(id) as Purpose;
    return { P2Y: usedBy(purpose).filter((category) => !NAMED.includes(category)) };
  };

  it('has the limit of its purpose', () => {
    const found = WITH_CLOCKS.flatMap(({ id, dataClocks }) => {
      const each = Map.groupBy(dataClocks, ({ perItem }) => perItem);
      each.delete(null);
      return each.size === 0
        ? []
        : [[id, Object.fromEntries([...each].map(([period, c]) => [period, c.map(({ category }) => category)]))]];
    });
    expect(Object.fromEntries(found)).toEqual({
      'pickx-own-promotion': othersOf('pickx-own-promotion'),
      'pickx-content-recommendations': othersOf('pickx-content-recommendations'),
      'pickx-personalised-tv-ads': { P1Y: SEGMENTED, ...INTERACTIONS },
      'ads-data-targeted-advertising': { P1Y: SEGMENTED, ...INTERACTIONS, P13M: ['held-by-ads-data'] },
      'web-app-targeted-advertising': { P1Y: HABITS, ...INTERACTIONS },
      'broadcaster-targeted-tv-ads': { P1Y: SEGMENTED, ...INTERACTIONS },
    });
  });

  const ads = catalogue.purposes.get('pickx-personalised-tv-ads') as Purpose;
  const running: SubjectView = {
    ...open(ads),
    facts: facts({ contractStart: Date.UTC(2018, 0, 1), contractEnd: null }),
  };

  it('is used no longer than that, by the calendar, also while the contract runs: what moves every day is neither announced nor told', () => {
    const since = (at: number, category: string) => {
      const place = { view: running, catalogue, purpose: ads, scope: scopeOf(ads), at };
      const found = permissionForCategory(permissionIn(running, catalogue, ads, scopeOf(ads), at), category, place);
      expect(found).toMatchObject({ allowed: true, nextChangeAt: null });
      return onDay(found.dataSince ?? null);
    };
    const leapDay = Date.UTC(2028, 1, 29, 12);
    expect(since(Date.UTC(2026, 10, 30, 12), 'derived:segmentation-info')).toBe('2025-11-30');
    expect(since(leapDay, 'derived:segmentation-info')).toBe('2027-02-28');
    expect(since(leapDay, 'collected:customer-interactions')).toBe('2026-02-28');
    expect(since(leapDay, 'collected:identification-contact')).toBeNull();
    expect(nextClock(running, catalogue, Date.UTC(2020, 0, 1))).toBeNull();
  });

  it('and why says from when on, in three languages', () => {
    const place = { view: running, catalogue, purpose: ads, scope: scopeOf(ads), at: Date.UTC(2026, 10, 30, 12) };
    const { steps } = explain({ ...place, ledger: [], category: 'derived:segmentation-info' });
    expect(steps.at(-1)).toMatchObject({
      outcome: 'limits',
      decisions: ['C11'],
      sentence: {
        en: 'Only data of this kind collected since 30 November 2025 may be used for it.',
        nl: 'Enkel gegevens van dit soort die verzameld zijn sinds 30 november 2025, mogen ervoor gebruikt worden.',
        fr: 'Seules les données de ce type collectées depuis le 30 novembre 2025 peuvent y servir.',
      },
    });
  });
});

describe('a version of the catalogue whose retention names several kinds of data by one name', () => {
  const older = storedCatalogue(
    catalogueFiles.map(({ name, text }) => ({
      name,
      text:
        name === 'data-categories.yaml'
          ? ['identification-and-contact', 'consumption-habits-and-segmentation', 'consumption-habits', 'other-data']
              .concat('customer-interactions', 'personal-input-data')
              .reduce((all, id) => `${all}- id: ${id}\n`, text)
          : text
              .replace(/\{ categories: \[[^\]]*\], /g, '{ ')
              .replace(/\n +categories: \[[^\]]*\],/g, '')
              .replace(/(, |\n +)unstated: C\d+,?/g, '')
              .replace(/formerly:/g, 'category:'),
    })),
  );

  it('is read, and answers by those names, as it did', () => {
    const ads = older.purposes.get('pickx-personalised-tv-ads') as Purpose;
    expect(ads.dataClocks).toEqual([
      { category: 'identification-and-contact', period: 'PT0S', perItem: null, formerly: null },
      { category: 'consumption-habits-and-segmentation', period: 'P1Y', perItem: 'P1Y', formerly: null },
      { category: 'customer-interactions', period: 'P2Y', perItem: 'P2Y', formerly: null },
    ]);
    const [limit, view] = [addPeriod(END, 'P1Y'), open(ads)];
    expect(ask(view, ads, 'consumption-habits-and-segmentation', limit)).toEqual({ kind: 'ended', endedAt: limit });
    expect(ask(view, ads, 'derived:segmentation-info', limit)).toMatchObject({ kind: 'usable', since: null });
    expect(older.purposes.get('customer-newsletter')?.dataClocks).toEqual([]);
  });
});

/** All clocks of the view, each at its moment. */
function run(view: SubjectView, asked: Catalogue = catalogue): SubjectView {
  const until = Date.UTC(2039, 0, 1);
  let after = view;
  for (let at = nextClock(view, asked, 0); at !== null && at < until; at = nextClock(after, asked, at + 1)) {
    const context = { now: at, nextVersion: () => 0, newDecisionId: () => 'd', caller: 'consent-service' };
    for (const entry of clockChanges(after, asked, at, context)) {
      const { purposeId, scope } = entry;
      const others = after.states.filter((held) => held.purposeId !== purposeId || held.scope.id !== scope.id);
      const state = evolve(stateIn(after, purposeId, scope.id), entry);
      after = { ...after, states: [...others, { scope, purposeId, state }] };
    }
  }
  return after;
}
