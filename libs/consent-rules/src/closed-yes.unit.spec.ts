import { describe, expect, it } from '@jest/globals';
import { MemoryLedger } from './properties/memory-ledger.js';
import { realCatalogue as catalogue } from './spec-catalogue.js';
import { DAY, facts, NOW, SUBJECT } from './test-fixtures.js';
import { type Purpose, type Scope, type SubjectFacts } from './types.js';

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
});
