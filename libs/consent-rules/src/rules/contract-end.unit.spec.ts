import { describe, expect, it } from '@jest/globals';
import { MemoryLedger } from '../properties/memory-ledger.js';
import { broken, realCatalogue } from '../spec-catalogue.js';
import { DAY, facts, NOW, SUBJECT } from '../test-fixtures.js';
import { type Purpose, type Scope } from '../types.js';

const person: Scope = { level: 'person', id: SUBJECT };
const account: Scope = { level: 'account', id: 'account-1' };
const app: Scope = { level: 'contact_point', id: 'app-1' };
const line: Scope = { level: 'line', id: 'line-1' };
const purposeOf = (id: string): Purpose => realCatalogue.purposes.get(id) as Purpose;
const contractEnd = NOW + 30 * DAY;

const customer = (dates: { contractStart?: number; contractEnd?: number } = {}): MemoryLedger => {
  const ledger = new MemoryLedger(realCatalogue);
  ledger.register(facts(dates), [account, line, { ...app, kind: 'app' }]);
  return ledger;
};
const told = ({ entries }: MemoryLedger, id: string) =>
  entries.flatMap(({ purposeId, cause, status, permission }) =>
    purposeId === id ? [[cause, status, permission.allowed, permission.reason]] : [],
  );

describe('who is no customer any more, and of whom nobody told when the contract ended,', () => {
  it.each<[string, Scope]>([
    ['tailored-offers-web-app-usage', account],
    ['tailored-offers-service-usage', account],
  ])('has said the last of %s: the consent ends, and another contract asks again (C08)', (purposeId, scope) => {
    const ledger = customer();
    ledger.say({ purposeId, scope });
    ledger.passTo(NOW + DAY);
    ledger.register(facts({ roles: ['ex-customer'] }));
    expect(told(ledger, purposeId)).toEqual([
      ['person', 'given', true, 'given'],
      ['facts', 'expired', false, 'contract_end_unknown'],
    ]);
    ledger.register(facts());
    expect(ledger.may(purposeOf(purposeId), scope)).toMatchObject({ allowed: false, reason: 'expired' });
  });
  it.each(['customer-direct-marketing', 'customer-newsletter', 'online-audience-promotion', 'ex-customer-winback'])(
    'is reached by %s only when the end is told, which then says until when (C68)',
    (id) => {
      const ledger = customer();
      ledger.register(facts({ roles: ['ex-customer'] }));
      expect(ledger.may(purposeOf(id), person)).toMatchObject({ reason: 'contract_end_unknown', nextChangeAt: null });
      ledger.register(facts({ roles: ['ex-customer'], contractEnd: NOW - DAY }));
      expect(ledger.may(purposeOf(id), person)).toMatchObject({
        allowed: true,
        nextChangeAt: Date.UTC(2031, 10, 23, 11),
      });
    },
  );
});

describe('what the statement does with customers alone (C68)', () => {
  const alone = [...realCatalogue.purposes.values()]
    .filter(({ defaultAllowed, roles }) => defaultAllowed === true && roles.join() === 'customer')
    .map((purpose) => [purpose.id, purpose] as const);
  const scopeOf = ({ scopeLevel }: Purpose): Scope =>
    [account, app, line].find(({ level }) => level === scopeLevel) ?? person;

  it.each(alone)('ends with the contract by the clock, as was announced, whatever the roles still say: %s', (id, p) => {
    const ledger = customer({ contractEnd });
    expect(ledger.may(p, scopeOf(p))).toMatchObject({ allowed: true, nextChangeAt: contractEnd });
    ledger.passTo(contractEnd - 1);
    expect(told(ledger, id)).toEqual([]);
    ledger.passTo(contractEnd);
    expect(told(ledger, id)).toMatchObject([['clock', 'objection_lifted', false, expect.any(String)]]);
    expect(ledger.may(p, scopeOf(p)).allowed).toBe(false);
  });
  it.each(alone)('goes on under a later contract: %s', (_, p) => {
    const ledger = customer({ contractEnd: NOW - 9 * DAY, contractStart: NOW - DAY });
    expect(ledger.may(p, scopeOf(p))).toMatchObject({ allowed: true, nextChangeAt: null });
  });
  it('has a clock in every catalogue that is published', () => {
    const clock = /(- id: group-affiliate-phone-marketing\n[^]*?) {2}clocks:\n.*\n/;
    expect(broken('purposes/05-disclosure.yaml', clock, '$1')).toMatchObject([
      {
        id: 'group-affiliate-phone-marketing',
        field: 'clocks',
        message: 'found none from contract-end, and it speaks of customers alone',
      },
    ]);
  });
});
