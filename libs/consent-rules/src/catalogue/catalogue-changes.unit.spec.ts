import { describe, expect, it } from '@jest/globals';
import { evolve, followsFromRule } from '../evolve.js';
import { facts, history, NOW, optIn, optOut, SUBJECT, SYSTEM_DEADLINES } from '../test-fixtures.js';
import { type Catalogue, type Purpose, type Status, type SubjectView, type TripleState } from '../types.js';
import { type CatalogueChanges, catalogueChanges } from './catalogue-changes.js';

const catalogueOf = (version: string, purpose: Purpose): Catalogue => ({
  version,
  purposes: new Map([[purpose.id, purpose]]),
  dependants: new Map(),
  notices: [],
  bundles: new Map(),
  systems: SYSTEM_DEADLINES,
  confirmWithin: new Map(),
  dataCategories: new Map(),
});

/** Somebody who decided under the first purpose, as the second one takes over. */
function taken(
  statuses: readonly Status[],
  from: Purpose,
  to: Purpose,
  known: SubjectView['facts'] = facts(),
): CatalogueChanges & { view: SubjectView } {
  const { state } = history(
    statuses.map((status, at) => ({ status, decidedAt: NOW - statuses.length + at })),
    from,
    known,
  );
  const scope = { level: 'person' as const, id: SUBJECT };
  const view: SubjectView = {
    subjectId: SUBJECT,
    facts: known,
    scopes: [],
    states: state === null ? [] : [{ scope, purposeId: from.id, state }],
  };
  let version = statuses.length;
  const context = { now: NOW, nextVersion: () => ++version, newDecisionId: () => 'd', caller: 'operator' };
  return { ...catalogueChanges(view, catalogueOf('1', from), catalogueOf('2', to), context), view };
}

describe('a purpose that changes from opt-in to opt-out', () => {
  it.each<[Status[], string]>([
    [['refused'], 'a refusal'],
    [['given', 'withdrawn'], 'a withdrawal'],
  ])('keeps %j as a no', (statuses) => {
    expect(taken(statuses, optIn(), optOut())).toMatchObject({ entries: [], withheld: [] });
  });

  it('would open for who was never asked, and is withheld from them', () => {
    const { withheld } = taken([], optIn(), optOut());
    expect(withheld).toMatchObject([{ purposeId: 'p', permission: { allowed: true } }]);
  });
});

describe('a purpose that names a system anew', () => {
  const before = optIn({ systems: [] });
  const after = optIn();

  it.each<[Status[]]>([[['given']], [['refused']], [['given', 'withdrawn']], [['requested']]])(
    'tells it what is in force after %j, and changes nothing of it',
    (statuses) => {
      const { entries, told, view } = taken(statuses, before, after);
      expect(entries).toEqual([]);
      expect(told).toMatchObject([
        { cause: 'catalogue', status: statuses.at(-1), version: statuses.length + 1, catalogueVersion: '2' },
      ]);
      expect(told[0]?.systems.map(({ systemId }) => systemId)).toEqual(['directory-listing']);
      const [held, entry] = [view.states[0]?.state ?? null, told[0]];
      if (held === null || entry === undefined) throw new Error('nothing told');
      expect(followsFromRule(entry)).toBe(true);
      expect(evolve(held, entry)).toEqual({ ...held, version: entry.version, decisionId: entry.decisionId });
    },
  );

  it('tells nothing of who decided nothing, and once of what changes anyway', () => {
    expect(taken([], before, after).told).toEqual([]);
    const { entries, told } = taken(['given'], before, optIn({ brands: ['scarlet'] }));
    expect([entries.length, told.length]).toEqual([1, 0]);
  });
});

describe('a purpose that comes back after it had gone', () => {
  const other = catalogueOf('2', optIn({ id: 'other' }));
  /** Withheld from who decided under it, as it is back. */
  const withheld = (statuses: readonly Status[], purpose: Purpose, known = facts()): string[] => {
    const gone = taken(statuses, purpose, optIn({ id: 'other' }), known);
    const states = gone.view.states.map((held) => ({ ...held, state: gone.entries.reduce(evolve, held.state) }));
    const context = { now: NOW, nextVersion: () => 9, newDecisionId: () => 'd', caller: 'operator' };
    const back = catalogueChanges({ ...gone.view, states }, other, catalogueOf('3', purpose), context);
    expect(back.entries).toEqual([]);
    return back.withheld.map(({ purposeId, scope }) => `${purposeId} ${scope.level}`);
  };

  it('is withheld from who said yes before: nobody could withdraw meanwhile', () => {
    expect(taken(['given'], optIn(), optIn({ id: 'other' })).entries).toMatchObject([
      { purposeId: 'p', permission: { allowed: false, reason: 'purpose_unknown' } },
    ]);
    expect(withheld(['given'], optIn())).toEqual(['p person']);
  });

  it('is withheld from whose yes a rule holds closed, which would open when that rule ends', () => {
    expect(withheld(['given'], optIn(), facts({ brand: null }))).toEqual(['p person']);
    expect(withheld(['objected', 'objection_lifted'], optOut(), facts({ brand: null }))).toEqual(['p person']);
  });

  it('is back for who said no, or nothing', () => {
    for (const statuses of [['refused'], ['given', 'withdrawn'], ['requested'], []] as const)
      expect(withheld(statuses, optIn())).toEqual([]);
    expect(withheld(['objected'], optOut())).toEqual([]);
  });

  it('is told as closed by what closes it now: it is in the catalogue again', () => {
    const gone = taken([], optOut(), optIn({ id: 'other' }));
    expect(gone.entries).toMatchObject([{ permission: { reason: 'purpose_unknown' } }]);
    const state = gone.entries.reduce<TripleState | null>(evolve, null);
    if (state === null) throw new Error('nothing told');
    const states = [{ scope: { level: 'person' as const, id: SUBJECT }, purposeId: 'p', state }];
    const context = { now: NOW, nextVersion: () => 9, newDecisionId: () => 'd', caller: 'operator' };
    const back = catalogueChanges({ ...gone.view, states }, other, catalogueOf('3', optIn()), context);
    expect(back).toMatchObject({ entries: [], withheld: [] });
    expect(back.told).toMatchObject([{ permission: { allowed: false, reason: 'closed_by_default' } }]);
  });
});

it('a purpose that names the systems it named before tells nobody again', () => {
  expect(taken(['given'], optIn(), optIn({ section: '7.2' }))).toMatchObject({ entries: [], told: [] });
});

it('a new purpose that is open by default is told as closed to the systems also of whom nothing is known, who objected to nothing', () => {
  const { entries } = taken(['refused'], optIn(), optOut({ id: 'new' }), null);
  expect(entries).toContainEqual(
    expect.objectContaining({ purposeId: 'new', permission: expect.objectContaining({ reason: 'facts_missing' }) }),
  );
});
