import { describe, expect, it } from '@jest/globals';
import { permissionForCategory } from '../permission-for-category.js';
import { MemoryLedger } from '../properties/memory-ledger.js';
import { realCatalogue } from '../spec-catalogue.js';
import { DAY, facts, NOW, SUBJECT } from '../test-fixtures.js';
import { type Purpose, type Scope } from '../types.js';
import { explain } from '../why/explain.js';

const person: Scope = { level: 'person', id: SUBJECT };
const purposeOf = (id: string): Purpose => realCatalogue.purposes.get(id) as Purpose;
const inAMonth = Date.UTC(2026, 11, 24, 11);

describe.each(['event-participation', 'event-lead-marketing'])('the period announced for an event, of %s,', (id) => {
  const agreed = (announcedPeriod = 'P1M'): MemoryLedger => {
    const ledger = new MemoryLedger(realCatalogue);
    ledger.register(facts());
    ledger.say({ purposeId: id, attributes: { announcedPeriod } });
    return ledger;
  };
  const may = (ledger: MemoryLedger) => ledger.may(purposeOf(id), person);
  const told = ({ entries }: MemoryLedger) =>
    entries.flatMap(({ purposeId, cause, status, decidedAt, permission }) =>
      purposeId === id ? [{ cause, status, decidedAt, reason: permission.reason, next: permission.nextChangeAt }] : [],
    );

  it('is the end of the consent, from the day of consent: announced, then expired by the clock (C12)', () => {
    const ledger = agreed();
    expect(may(ledger)).toMatchObject({ allowed: true, reason: 'given', nextChangeAt: inAMonth });
    ledger.passTo(inAMonth - 1);
    expect(may(ledger).allowed).toBe(true);
    ledger.passTo(inAMonth);
    expect(told(ledger)).toEqual([
      { cause: 'person', status: 'given', decidedAt: NOW, reason: 'given', next: inAMonth },
      { cause: 'clock', status: 'expired', decidedAt: inAMonth, reason: 'consent_lapsed', next: null },
    ]);
    expect(may(ledger)).toMatchObject({ allowed: false, reason: 'expired' });
  });

  it('outlives what facts make of the consent meanwhile, and ends it while it is closed too', () => {
    const ledger = agreed();
    ledger.register(facts({ brand: null }));
    ledger.register(facts());
    expect(may(ledger)).toMatchObject({ allowed: true, nextChangeAt: inAMonth });
    ledger.register(facts({ brand: null }));
    ledger.passTo(inAMonth);
    expect(told(ledger).at(-1)).toMatchObject({ cause: 'clock', status: 'expired', decidedAt: inAMonth });
  });

  it('is that of the newest yes', () => {
    const ledger = agreed();
    ledger.passTo(NOW + DAY);
    ledger.say({ purposeId: id, decidedAt: NOW + DAY, attributes: { announcedPeriod: 'P1Y' } });
    expect(may(ledger).nextChangeAt).toBe(Date.UTC(2027, 10, 25, 11));
  });

  it('ends the use of the data that were left for it', () => {
    const { view } = agreed();
    const asked = (at: number) => {
      const place = { view, catalogue: realCatalogue, purpose: purposeOf(id), scope: person, at };
      const { permission } = explain({ ...place, ledger: [], category: 'collected:identification-contact' });
      expect(permissionForCategory(permission, 'collected:identification-contact', place)).toEqual(permission);
      return permission;
    };
    expect(asked(NOW)).toMatchObject({ allowed: true, nextChangeAt: inAMonth });
    expect(asked(inAMonth)).toMatchObject({ allowed: false, reason: 'consent_lapsed' });
  });
});
