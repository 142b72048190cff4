import { describe, expect, it } from '@jest/globals';
import { clockChanges, clockOf, nextClock } from './clock-changes.js';
import { MemoryLedger } from './properties/memory-ledger.js';
import { realCatalogue as catalogue } from './spec-catalogue.js';
import { DAY, facts, NOW, SUBJECT } from './test-fixtures.js';
import { type LedgerEntry, type Purpose, type Scope, type SubjectFacts } from './types.js';

const ads = catalogue.purposes.get('ads-data-targeted-advertising') as Purpose;
const person: Scope = { level: 'person', id: SUBJECT };
const customer = facts({ contractStart: NOW - 100 * DAY });

/** Somebody who says yes to advertising (7.2.3.2) under facts that close it. */
function saidYes(known: SubjectFacts | null): MemoryLedger {
  const ledger = new MemoryLedger(catalogue);
  if (known !== null) ledger.register(known, []);
  ledger.say({ purposeId: ads.id, scope: person, decidedAt: NOW });
  expect(ledger.may(ads, person).allowed).toBe(false);
  ledger.passTo(NOW + DAY);
  return ledger;
}

describe('a yes that opens nothing yet', () => {
  it.each<[string, SubjectFacts | null]>([
    ['the brand is Scarlet (C40)', { ...customer, brand: 'scarlet' }],
    ['the person is a minor (C38)', { ...customer, minor: true }],
    ['nothing is known of the person', null],
  ])('because %s opens by itself when that ends, as an entry by the facts', (_, known) => {
    const ledger = saidYes(known);
    ledger.register(customer, []);
    expect(ledger.may(ads, person)).toMatchObject({ allowed: true });
    const opened = ledger.entries.filter(({ purposeId, permission }) => purposeId === ads.id && permission.allowed);
    expect(opened).toMatchObject([{ cause: 'facts', status: 'given' }]);
  });

  it('opens nothing later where the person took it back meanwhile, or where a new contract asks again (C07)', () => {
    const withdrawn = saidYes({ ...customer, brand: 'scarlet' });
    withdrawn.say({ purposeId: ads.id, scope: person, status: 'withdrawn', decidedAt: NOW + DAY });
    withdrawn.register(customer, []);
    expect(withdrawn.may(ads, person)).toMatchObject({ allowed: false });
    const anew = saidYes({ ...customer, brand: 'scarlet' });
    anew.register({ ...customer, contractStart: NOW + DAY, contractEnd: NOW + DAY - 1 }, []);
    expect(anew.may(ads, person)).toMatchObject({ allowed: false });
  });

  const begun = NOW - 100 * DAY;
  const ended = NOW + 30 * DAY;
  const over = facts({ roles: ['ex-customer'], contractStart: begun, contractEnd: ended });
  const told = ({ entries }: MemoryLedger) =>
    entries.flatMap(({ purposeId, cause, status, decidedAt }) =>
      purposeId === ads.id && status !== 'given' ? [[cause, status, decidedAt]] : [],
    );

  it.each<[string, Partial<SubjectFacts>]>([
    ['the brand', { brand: 'scarlet' }],
    ['the age', { minor: true }],
  ])('because of %s ends with its contract all the same, so that a later one asks again (C04, C07)', (_, closing) => {
    const foreseen = saidYes({ ...customer, ...closing, contractEnd: ended });
    foreseen.passTo(ended + DAY);
    expect(told(foreseen)).toEqual([['clock', 'expired', ended]]);
    const toldLate = saidYes({ ...customer, ...closing });
    toldLate.passTo(ended + DAY);
    toldLate.register({ ...over, ...closing });
    expect(told(toldLate)).toEqual([['facts', 'expired', ended]]);
    const neverTold = saidYes({ ...customer, ...closing });
    neverTold.register(facts({ ...closing, roles: ['ex-customer'] }));
    expect(told(neverTold)).toEqual([['facts', 'expired', neverTold.now]]);
    for (const ledger of [foreseen, toldLate, neverTold]) {
      ledger.register(facts());
      expect(ledger.may(ads, person)).toMatchObject({ allowed: false, reason: 'expired' });
    }
  });

  it('and comes in after its contract ended is looked at once by the clock, which ends it (C04)', () => {
    const ledger = new MemoryLedger(catalogue);
    ledger.register(facts({ brand: 'scarlet', contractStart: begun, contractEnd: NOW - DAY }));
    ledger.say({ purposeId: ads.id, scope: person, decidedAt: NOW - 2 * DAY });
    const yes = ledger.entries.find(({ purposeId }) => purposeId === ads.id) as LedgerEntry;
    expect(yes).toMatchObject({ status: 'given', permission: { reason: 'brand_excluded' } });
    const due = clockOf(yes, ads) ?? Infinity;
    expect(nextClock(ledger.view, catalogue, due)).toBe(NOW - DAY);
    const at = { now: NOW, nextVersion: () => 9, newDecisionId: () => 'd', caller: 'consent-service' };
    expect(clockChanges(ledger.view, catalogue, NOW - DAY, at).filter((e) => e.purposeId === ads.id)).toMatchObject([
      { status: 'expired', decidedAt: NOW - DAY },
    ]);
  });

  it.each<[string, SubjectFacts]>([
    ['that know of no end', facts({ contractStart: null, contractEnd: null })],
    ['of a contract that goes on', facts({ contractStart: begun, contractEnd: NOW + 10 * DAY })],
  ])('and came in after its contract ended, is not brought back by facts %s and come before the clock', (_, later) => {
    const ledger = new MemoryLedger(catalogue);
    ledger.register(facts({ contractStart: begun, contractEnd: NOW - 10 * DAY }));
    ledger.say({ purposeId: ads.id, scope: person, decidedAt: NOW - DAY });
    ledger.register(later);
    expect(told(ledger)).toEqual([['facts', 'expired', NOW - DAY]]);
    expect(ledger.may(ads, person)).toMatchObject({ allowed: false, reason: 'expired' });
  });
});
