import { describe, expect, it } from '@jest/globals';
import { MemoryLedger } from '../properties/memory-ledger.js';
import { realCatalogue } from '../spec-catalogue.js';
import { command, DAY, facts, NOW, SUBJECT } from '../test-fixtures.js';
import { type Purpose, type Role, type Scope, type Status } from '../types.js';
import { explain } from '../why/explain.js';

const person: Scope = { level: 'person', id: SUBJECT };
const purposeOf = (id: string): Purpose => realCatalogue.purposes.get(id) as Purpose;

/** Of a former customer the end of the contract is known. */
const having = (role: Role) => facts({ roles: [role], contractEnd: role === 'ex-customer' ? NOW - 9 * DAY : null });
const ledgerOf = (...roles: readonly Role[]): MemoryLedger => {
  const ledger = new MemoryLedger(realCatalogue);
  if (roles.length > 0) ledger.register(facts({ roles }));
  return ledger;
};
/** Said a day later. */
function say(ledger: MemoryLedger, purposeId: string, status: Status): void {
  ledger.passTo(ledger.now + DAY);
  const [result] = ledger.say({ purposeId, status, decidedAt: ledger.now });
  if (result?.kind !== 'decided') throw new Error(result?.message);
}
const may = (ledger: MemoryLedger, id: string) => ledger.may(purposeOf(id), person);
const told = ({ entries }: MemoryLedger, id: string) =>
  entries.flatMap(({ purposeId, cause, permission }) =>
    purposeId === id ? [[cause, permission.allowed, permission.reason]] : [],
  );

describe('a change of role', () => {
  it.each<[later: string, role: Role, earlier: string, no: Status]>([
    ['customer-newsletter', 'customer', 'prospect-newsletter', 'withdrawn'],
    ['customer-newsletter', 'customer', 'prospect-newsletter', 'refused'],
    ['customer-direct-marketing', 'customer', 'prospect-direct-marketing', 'withdrawn'],
    ['b2b-direct-marketing-existing', 'customer-professional', 'b2b-direct-marketing-prospects', 'withdrawn'],
    ['ex-customer-winback', 'ex-customer', 'customer-direct-marketing', 'objected'],
    ['ex-customer-winback', 'ex-customer', 'prospect-direct-marketing', 'refused'],
    ['customer-direct-marketing', 'customer', 'ex-customer-extended-marketing', 'refused'],
    ['customer-direct-marketing', 'customer', 'ex-customer-extended-marketing', 'withdrawn'],
    ['customer-direct-marketing', 'customer', 'ex-customer-consent-campaign', 'objected'],
  ])('keeps %s closed after %s was %s under an earlier role (C42)', (later, role, earlier, no) => {
    const [refused, silent] = [ledgerOf('prospect'), ledgerOf('prospect')];
    say(refused, earlier, no);
    for (const ledger of [refused, silent]) ledger.register(having(role));
    expect(may(refused, later)).toMatchObject({ allowed: false, reason: 'refused_in_another_role' });
    expect(may(silent, later)).toMatchObject({ allowed: true, reason: 'open_by_default' });
  });

  it('tells the systems, for which a default nobody spoke of is open, what an earlier no closes, once', () => {
    for (const [ledger, closed] of [
      [ledgerOf('prospect'), [['facts', false, 'role_not_covered']]],
      [ledgerOf(), []],
    ] as const) {
      say(ledger, 'prospect-newsletter', 'refused');
      expect(told(ledger, 'customer-newsletter')).toEqual(closed);
      for (const minor of [false, true]) ledger.register(facts({ minor }));
      const later = closed.length > 0 ? closed : [['facts', false, 'refused_in_another_role']];
      expect(told(ledger, 'customer-newsletter')).toEqual(later);
    }
  });

  it('does not make a no of a consent that was never given, is asked for, or came to its end', () => {
    const [never, asked, ended] = [ledgerOf('prospect'), ledgerOf('prospect'), ledgerOf('prospect')];
    say(asked, 'prospect-newsletter', 'requested');
    say(ended, 'prospect-newsletter', 'given');
    ended.passTo(NOW + 1_200 * DAY);
    for (const ledger of [never, asked, ended]) {
      ledger.register(facts());
      expect(may(ledger, 'customer-newsletter').allowed).toBe(true);
    }
  });
});

describe('a former customer', () => {
  /** In the last six months of the five years after the contract. */
  const former = facts({ roles: ['ex-customer'], contractEnd: Date.UTC(2022, 1, 15) });
  const left = (): MemoryLedger => {
    const ledger = ledgerOf('customer');
    ledger.register(former);
    return ledger;
  };

  it.each(['customer-direct-marketing', 'ex-customer-winback', 'prospect-direct-marketing'])(
    'is not called to be asked for three years more after a no to %s (C42)',
    (purposeId) => {
      const ledger = left();
      expect(may(ledger, 'ex-customer-consent-campaign')).toMatchObject({ allowed: true });
      say(ledger, purposeId, purposeOf(purposeId).choiceModel === 'opt-in' ? 'refused' : 'objected');
      expect(may(ledger, 'ex-customer-consent-campaign')).toMatchObject({ reason: 'refused_in_another_role' });
    },
  );

  it('who says no to three years more is not won back, nor asked again, until that no is taken back (C42)', () => {
    const ledger = left();
    say(ledger, 'ex-customer-extended-marketing', 'refused');
    for (const id of ['ex-customer-winback', 'ex-customer-consent-campaign'])
      expect(may(ledger, id)).toMatchObject({ allowed: false, reason: 'refused_in_another_role' });
    say(ledger, 'ex-customer-extended-marketing', 'given');
    for (const id of ['ex-customer-winback', 'ex-customer-consent-campaign', 'ex-customer-extended-marketing'])
      expect(may(ledger, id)).toMatchObject({ allowed: true });
  });

  it('who said yes to three years more gets no offers after a newer no to those of another role (C42)', () => {
    const ledger = left();
    say(ledger, 'ex-customer-extended-marketing', 'given');
    say(ledger, 'ex-customer-winback', 'objected');
    expect(may(ledger, 'ex-customer-extended-marketing')).toMatchObject({ reason: 'refused_in_another_role' });
  });
});

describe('a no that stands', () => {
  const signsUp = { evidence: { ...command().evidence, channel: 'web-sign-up' } };
  const refused = (): MemoryLedger => {
    const ledger = ledgerOf('prospect');
    say(ledger, 'prospect-newsletter', 'withdrawn');
    ledger.passTo(ledger.now + DAY);
    return ledger;
  };

  it('is not undone by a sign-up that anybody could have sent, awaited or lapsed, nor by being asked again and no answer (C42)', () => {
    const [signedUp, asked] = [refused(), refused()];
    signedUp.say({ purposeId: 'prospect-newsletter', status: 'given', decidedAt: signedUp.now, ...signsUp });
    for (const status of ['requested', 'expired'] as const)
      asked.say({ purposeId: 'prospect-newsletter', status, cause: 'agent', decidedAt: asked.now });
    for (const ledger of [signedUp, asked]) {
      ledger.register(facts());
      expect(may(ledger, 'customer-newsletter')).toMatchObject({ reason: 'refused_in_another_role' });
      ledger.passTo(ledger.now + 40 * DAY);
      expect(may(ledger, 'customer-newsletter')).toMatchObject({ reason: 'refused_in_another_role' });
    }
  });

  it('is taken back by the confirmation of a sign-up', () => {
    const ledger = refused();
    ledger.say({ purposeId: 'prospect-newsletter', status: 'given', decidedAt: ledger.now, ...signsUp });
    ledger.passTo(ledger.now + DAY);
    ledger.say({ purposeId: 'prospect-newsletter', status: 'given', decidedAt: ledger.now });
    ledger.register(facts());
    expect(may(ledger, 'customer-newsletter')).toMatchObject({ allowed: true });
  });
});

describe('a no under an earlier role', () => {
  const refused = (): MemoryLedger => {
    const ledger = ledgerOf('prospect');
    say(ledger, 'prospect-newsletter', 'withdrawn');
    ledger.register(facts());
    return ledger;
  };

  it('closes what is open under the present one at once, and opens it when it is taken back', () => {
    const ledger = ledgerOf('customer');
    say(ledger, 'prospect-newsletter', 'refused');
    say(ledger, 'prospect-newsletter', 'given');
    expect(told(ledger, 'customer-newsletter')).toEqual([
      ['facts', false, 'refused_in_another_role'],
      ['facts', true, 'open_by_default'],
    ]);
  });

  it('stands when the person is asked again, and has not answered', () => {
    const ledger = refused();
    say(ledger, 'prospect-newsletter', 'requested');
    expect(may(ledger, 'customer-newsletter')).toMatchObject({ reason: 'refused_in_another_role' });
  });

  it('gives way to a yes to this purpose that is newer, and to no other', () => {
    const ledger = refused();
    ledger.say({ purposeId: 'customer-newsletter', status: 'objection_lifted', decidedAt: NOW - DAY });
    expect(may(ledger, 'customer-newsletter')).toMatchObject({ reason: 'refused_in_another_role' });
    say(ledger, 'customer-newsletter', 'objection_lifted');
    expect(may(ledger, 'customer-newsletter')).toMatchObject({ allowed: true, reason: 'objection_lifted' });
    say(ledger, 'prospect-newsletter', 'withdrawn');
    expect(may(ledger, 'customer-newsletter')).toMatchObject({ reason: 'refused_in_another_role' });
  });

  it('does not reach the role after the one in which the person said yes again', () => {
    const ledger = ledgerOf('prospect');
    say(ledger, 'prospect-direct-marketing', 'refused');
    ledger.register(facts());
    say(ledger, 'customer-direct-marketing', 'objection_lifted');
    ledger.register(having('ex-customer'));
    expect(may(ledger, 'ex-customer-winback')).toMatchObject({ allowed: true, reason: 'open_by_default' });
  });

  it.each<[earlier: string, role: Role, later: string, no: Status]>([
    ['customer-direct-marketing', 'customer', 'ex-customer-winback', 'objected'],
    ['prospect-direct-marketing', 'prospect', 'ex-customer-winback', 'objected'],
    ['prospect-direct-marketing', 'prospect', 'customer-direct-marketing', 'objected'],
    ['prospect-newsletter', 'prospect', 'customer-newsletter', 'objected'],
    ['b2b-direct-marketing-prospects', 'prospect-professional', 'b2b-direct-marketing-existing', 'objected'],
  ])(
    'reaches back: keeps %s closed for a %s again after %s was %s, an older yes too (C42)',
    (earlier, role, later, no) => {
      const [refused, silent] = [ledgerOf(role), ledgerOf(role)];
      const takesYes = purposeOf(earlier).choiceModel === 'opt-in';
      for (const ledger of [refused, silent]) if (takesYes) say(ledger, earlier, 'given');
      say(refused, later, no);
      for (const ledger of [refused, silent]) ledger.register(having(role));
      expect(may(refused, earlier)).toMatchObject({ allowed: false, reason: 'refused_in_another_role' });
      expect(may(silent, earlier).allowed).toBe(true);
      say(refused, earlier, takesYes ? 'given' : 'objection_lifted');
      expect(may(refused, earlier).allowed).toBe(true);
    },
  );

  it('is told to the systems of the role before, and undone for both by taking it back where it was said', () => {
    const ledger = ledgerOf();
    ledger.register(having('ex-customer'));
    say(ledger, 'ex-customer-winback', 'objected');
    ledger.register(having('customer'));
    say(ledger, 'ex-customer-winback', 'objection_lifted');
    expect(told(ledger, 'customer-direct-marketing')).toEqual([
      ['facts', false, 'refused_in_another_role'],
      ['facts', true, 'open_by_default'],
    ]);
  });

  it('is explained from the role before too, and each purpose is told of once', () => {
    const ledger = ledgerOf('ex-customer');
    say(ledger, 'ex-customer-winback', 'objected');
    ledger.register(having('customer'));
    const { view, entries, now: at } = ledger;
    const asked = { view, ledger: entries, catalogue: realCatalogue, scope: person, at };
    const { steps, wouldChange } = explain({ ...asked, purpose: purposeOf('customer-direct-marketing') });
    const about = steps.flatMap((step) => (step.kind === 'purpose' ? [step.purposeId] : []));
    expect(about).toEqual(['customer-direct-marketing', 'ex-customer-winback']);
    expect(wouldChange.map(({ sentence }) => sentence.en.replace(/ \(.*/, ''))).toEqual([
      'Campaigns to customers: you take your objection back',
      'Winning former customers back: you take your objection back',
    ]);
  });

  it('is told of when asked why, with both ways to turn it round', () => {
    const { view, entries: ledger, now: at } = refused();
    const question = { view, ledger, catalogue: realCatalogue, purpose: purposeOf('customer-newsletter') };
    const { steps, wouldChange } = explain({ ...question, scope: person, at });
    expect(steps.at(-1)).toMatchObject({ rule: 'refused-in-another-role', outcome: 'closes', decisions: ['C42'] });
    expect(steps.map(({ sentence }) => sentence.en)).toContain(
      '25 November 2026: you withdrew your consent, through MyProximus. This is the decision in force.',
    );
    expect(wouldChange.map(({ sentence }) => sentence.en.replace(/ \(.*/, ''))).toEqual([
      'Newsletter for customers: you take your objection back',
      'Newsletter for prospects: you consent',
    ]);
  });
});
