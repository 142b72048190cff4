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

describe('who agreed to advertising while no customer', () => {
  it.each(['prospect', 'ex-customer'] as const)(
    'and %s, is asked again as a customer of whom nobody told since when, and not where the contract ran by then (C07)',
    (role) => {
      const ledger = new MemoryLedger(realCatalogue);
      ledger.register(facts({ roles: [role] }), [account]);
      const purpose = purposeOf('pickx-personalised-tv-ads');
      ledger.say({ purposeId: purpose.id, scope: account });
      ledger.register(facts());
      expect(ledger.may(purpose, account)).toMatchObject({ allowed: false, reason: 'no_contract' });
      ledger.passTo(NOW + DAY);
      ledger.register(facts({ contractStart: NOW - DAY }));
      expect(ledger.may(purpose, account)).toMatchObject({ allowed: true, reason: 'given' });
      expect(told(ledger, purpose.id)).toEqual([
        ['person', 'given', false, 'no_contract'],
        ['facts', 'given', true, 'given'],
      ]);
    },
  );
});

describe('a contact point of which another kind is told', () => {
  it('is closed to the channel that was decided about before, which a bundle still reaches (C18, C84)', () => {
    const ledger = new MemoryLedger(realCatalogue);
    const point: Scope = { level: 'contact_point', id: 'point-1' };
    ledger.register(facts(), [{ ...point, kind: 'phone' }]);
    const calls = purposeOf('contact-by-phone');
    ledger.say({ purposeId: calls.id, scope: point, status: 'objected' });
    ledger.passTo(NOW + DAY);
    ledger.say({ purposeId: calls.id, scope: point, status: 'objection_lifted', decidedAt: NOW + DAY });
    ledger.register(facts(), [{ ...point, kind: 'email' }]);
    expect(told(ledger, calls.id).at(-1)).toEqual(['facts', 'objection_lifted', false, 'channel_closed']);
    ledger.bundle('withdraw-all');
    expect(told(ledger, calls.id).at(-1)).toEqual(['person', 'objected', false, 'objected']);
  });
});

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

describe('what is for former customers alone, of who is a customer again,', () => {
  const winback = purposeOf('ex-customer-winback');
  const campaign = purposeOf('ex-customer-consent-campaign');
  const both = (dates: { contractStart?: number | null; contractEnd?: number | null }): MemoryLedger => {
    const ledger = new MemoryLedger(realCatalogue);
    ledger.register(facts({ roles: ['customer', 'ex-customer'], ...dates }));
    return ledger;
  };
  const ended = Date.UTC(2024, 10, 23, 11);
  const over = Date.UTC(2029, 10, 23, 11);

  it.each([{}, { contractStart: NOW - 900 * DAY }])(
    'is closed while the end of the former contract is not told: %j (C08, C68)',
    (dates) => {
      for (const purpose of [winback, campaign])
        expect(both(dates).may(purpose, person)).toEqual({
          allowed: false,
          reason: 'contract_end_unknown',
          nextChangeAt: null,
        });
    },
  );
  it('runs from the end of the former contract, whether or not another runs now, and the clock tells when it is over (C68)', () => {
    const ledger = both({ contractStart: NOW - DAY, contractEnd: ended });
    expect(ledger.may(winback, person)).toEqual({ allowed: true, reason: 'open_by_default', nextChangeAt: over });
    ledger.passTo(over);
    expect(told(ledger, winback.id)).toEqual([['clock', 'objection_lifted', false, 'period_after_contract_over']]);
    expect(ledger.may(purposeOf('customer-direct-marketing'), person)).toMatchObject({ allowed: true });
  });
  it('is over where the five years were over before the present contract began (C68)', () => {
    const ledger = both({ contractStart: Date.UTC(2025, 0, 1), contractEnd: Date.UTC(2010, 0, 1) });
    expect(ledger.may(winback, person)).toMatchObject({ reason: 'period_after_contract_over', nextChangeAt: null });
  });
  it('does not count from the end of the contract that still runs: it opens when that has ended, which is told (C68)', () => {
    const ledger = both({ contractStart: NOW - 900 * DAY, contractEnd });
    const closed = { allowed: false, reason: 'contract_end_unknown', nextChangeAt: contractEnd };
    expect(ledger.may(winback, person)).toEqual(closed);
    ledger.passTo(contractEnd);
    expect(told(ledger, winback.id)).toEqual([
      ['facts', 'objection_lifted', false, 'contract_end_unknown'],
      ['clock', 'objection_lifted', true, 'open_by_default'],
    ]);
  });
  it('asks nobody for three years more under the contract that runs now (C09)', () => {
    const inWindow = { contractStart: NOW - DAY, contractEnd: Date.UTC(2022, 0, 31, 11) };
    expect(both({ ...inWindow, contractStart: null }).may(campaign, person).allowed).toBe(true);
    expect(both(inWindow).may(campaign, person)).toMatchObject({ allowed: false, reason: 'contract_end_unknown' });
  });
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
