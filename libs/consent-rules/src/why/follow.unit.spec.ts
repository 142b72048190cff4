import { describe, expect, it } from '@jest/globals';
import { type Actor } from '@consent/events';
import fc from 'fast-check';
import { causeOf } from '../cause-of.js';
import { reachedScopes } from '../prerequisites.js';
import { someFacts } from '../properties/acts.js';
import { expectEqual } from '../properties/expect-equal.js';
import { MemoryLedger } from '../properties/memory-ledger.js';
import { realCatalogue as catalogue } from '../spec-catalogue.js';
import { DAY, facts, NOW, SUBJECT } from '../test-fixtures.js';
import { TRANSITIONS } from '../transitions.js';
import { type Cause, type Purpose, type Scope, type Status, type SubjectFacts } from '../types.js';
import { explain } from './explain.js';
import { type Change, type Counterfactual } from './explanation.js';

const person: Scope = { level: 'person', id: SUBJECT };
const scopes = [
  { level: 'account', id: 'a-1', brand: null },
  { level: 'line', id: 'l-1' },
  { level: 'device', id: 'd-1' },
  { level: 'contact_point', id: 'c-1', kind: 'phone' },
] as const;
const decidable = [...catalogue.purposes.values()].filter(({ scopeLevel }) => scopeLevel !== null);
const nothing: SubjectFacts = { brand: null, roles: [], minor: null };

const someWord = fc.tuple(fc.constantFrom(...decidable), fc.nat(9), fc.integer({ min: -1_500, max: 0 }));
const someLife = fc.tuple(
  fc.option(someFacts, { freq: 8 }),
  fc.subarray([...scopes]),
  fc.array(someWord, { maxLength: 8 }),
);
type Life = typeof someLife extends fc.Arbitrary<infer T> ? T : never;

function lived([known, some, words]: Life): MemoryLedger {
  const ledger = new MemoryLedger(catalogue);
  ledger.register(known, some);
  for (const [purpose, pick, days] of words) {
    const moves = TRANSITIONS[purpose.choiceModel];
    const move = moves[pick % Math.max(1, moves.length)];
    const [scope] = reachedScopes(ledger.view, purpose);
    if (move === undefined || scope === undefined) continue;
    const { level, id } = scope;
    ledger.say({
      purposeId: purpose.id,
      scope: { level, id },
      status: move.to,
      cause: move.causes[0] ?? 'person',
      decidedAt: NOW + days * DAY,
    });
  }
  return ledger;
}

/** Who comes to which door, and the cause that the door makes of it. */
const DOORS: readonly ((status: Status, model: Purpose['choiceModel']) => Cause | null)[] = [
  ...(['self', 'guardian', 'agent'] satisfies Actor[]).map((actor) => (status: Status) => causeOf(actor, status)),
  () => 'authority',
  (status, model) =>
    model === 'objection-motivated' && ['objected', 'objection_rejected'].includes(status) ? 'operator' : null,
];

/** What is told and said, as a reader of the answer would do it: facts first, and of a decision all that it names. */
function follow(ledger: MemoryLedger, changes: readonly Change[], cause: (by: readonly Cause[]) => Cause): void {
  ledger.passTo(ledger.now + 1);
  const known: SubjectFacts = ledger.view.facts ?? nothing;
  const told = changes.reduce<SubjectFacts>((f, change) => {
    if (change.kind === 'role') return { ...f, roles: [change.to] };
    if (change.kind === 'age') return { ...f, minor: change.minor };
    if (change.kind === 'brand' && change.scope.level === 'person') return { ...f, brand: change.to };
    if (change.kind !== 'contract') return f;
    if (change.to === 'ends') return { ...f, contractEnd: ledger.now };
    const ended = (f.contractEnd ?? Infinity) < ledger.now ? (f.contractEnd ?? null) : null;
    const roles = f.roles.map((role) => (role === 'ex-customer' ? 'customer' : role));
    return { ...f, roles: [...new Set(roles)], contractStart: ledger.now, contractEnd: ended };
  }, known);
  const branded = changes.flatMap((c) => (c.kind === 'brand' && c.scope.level !== 'person' ? [c] : []));
  const moved = ledger.view.scopes.flatMap((s) =>
    branded.filter(({ scope }) => scope.id === s.id).map(({ to }) => ({ ...s, brand: to })),
  );
  if (told !== known || moved.length > 0) ledger.register(told, moved);
  for (const change of changes)
    if (change.kind === 'decision') {
      const { purposeId, scope, status, by, attributes } = change;
      const words = Object.fromEntries(attributes.map((name) => [name, 'P1Y']));
      const [result] = ledger.say({
        purposeId,
        scope: { level: scope.level, id: scope.id ?? 'new' },
        status,
        cause: cause(by),
        decidedAt: ledger.now,
        attributes: words,
      });
      if (result?.kind === 'refused') throw new Error(result.message);
    }
  for (const change of changes) if (change.kind === 'moment') ledger.passTo(change.at);
}

const askOf = (ledger: MemoryLedger, purpose: Purpose, scope: Scope) =>
  explain({ view: ledger.view, ledger: ledger.entries, catalogue, purpose, scope, at: ledger.now });

/** Each way to carry out what is offered: all by the first who may, or by the second, and so on. */
function everyWay({ changes }: Counterfactual): ((by: readonly Cause[]) => Cause)[] {
  const most = Math.max(1, ...changes.map((c) => (c.kind === 'decision' ? c.by.length : 1)));
  return Array.from({ length: most }, (_, i) => (by) => by[Math.min(i, by.length - 1)] as Cause);
}

function comesTrue(ledger: MemoryLedger, purpose: Purpose, scope: Scope): void {
  const { permission, wouldChange } = askOf(ledger, purpose, scope);
  for (const offered of wouldChange) {
    for (const change of offered.changes)
      if (change.kind === 'decision') {
        const model = catalogue.purposes.get(change.purposeId)?.choiceModel ?? 'none';
        const causes = DOORS.map((door) => door(change.status, model));
        expectEqual(
          change.by.filter((cause) => !causes.includes(cause)),
          [],
        );
      }
    for (const way of everyWay(offered)) {
      const after = ledger.copy();
      follow(after, offered.changes, way);
      const found = after.may(purpose, scope);
      expectEqual(
        [purpose.id, offered.sentence.en, found, found.allowed],
        [purpose.id, offered.sentence.en, offered.permission, !permission.allowed],
      );
    }
  }
}

describe('what would have to happen', () => {
  it.each(decidable.map((purpose) => [purpose.id, purpose] as const))(
    'comes true when it is followed, with the reason told, by each who is named and at a door there is: %s',
    (_, purpose) => {
      for (const known of [
        facts(),
        facts({ roles: ['prospect'] }),
        facts({ roles: ['ex-customer'], contractEnd: NOW - 400 * DAY }),
      ]) {
        const ledger = lived([known, [...scopes], []]);
        const [scope = person] = reachedScopes(ledger.view, purpose);
        comesTrue(ledger, purpose, scope);
        for (const { to, causes } of TRANSITIONS[purpose.choiceModel]) {
          const decided = ledger.copy();
          const { level, id } = scope;
          decided.say({
            purposeId: purpose.id,
            scope: { level, id },
            status: to,
            cause: causes[0] as Cause,
            decidedAt: decided.now,
            attributes: { announcedPeriod: 'P6M' },
          });
          comesTrue(decided, purpose, scope);
        }
      }
    },
  );

  it('comes true when it is followed, with the reason told, whatever happened before', () => {
    fc.assert(
      fc.property(
        someLife,
        fc.constantFrom(...decidable),
        fc.integer({ min: 0, max: 2_000 }),
        (life, purpose, days) => {
          const ledger = lived(life);
          ledger.passTo(NOW + days * DAY);
          comesTrue(ledger, purpose, reachedScopes(ledger.view, purpose)[0] ?? person);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('of a consent that it ends is the answer of an ended consent, whatever ended it', () => {
    const offers = catalogue.purposes.get('tailored-offers-service-usage') as Purpose;
    const ledger = lived([facts(), [...scopes], []]);
    const [{ level, id } = person] = reachedScopes(ledger.view, offers);
    ledger.say({ purposeId: offers.id, scope: { level, id }, decidedAt: ledger.now });
    const { wouldChange } = askOf(ledger, offers, { level, id });
    const found = wouldChange.map(({ sentence, permission }) => [sentence.en, permission.reason]);
    expect(found).toContainEqual(['You are a former customer.', 'expired']);
    expect(found).toContainEqual(['The contract ends; by itself on 24 November 2031.', 'expired']);
  });

  it('makes nobody a former customer whose contract begins', () => {
    const newsletter = catalogue.purposes.get('customer-newsletter') as Purpose;
    const offered = askOf(lived([facts({ roles: [] }), [], []]), newsletter, person).wouldChange;
    expect(offered.map(({ sentence }) => sentence.en)).toEqual([
      'You are a customer.',
      'You are a former customer; the contract ends.',
    ]);
  });

  describe('names the moment that comes with it', () => {
    const campaign = catalogue.purposes.get('ex-customer-consent-campaign') as Purpose;
    const former = (over: Partial<SubjectFacts>) => lived([facts({ roles: ['ex-customer'], ...over }), [], []]);
    const offered = (ledger: MemoryLedger, purpose: Purpose, scope: Scope): string[] => {
      comesTrue(ledger, purpose, scope);
      return askOf(ledger, purpose, scope).wouldChange.map(({ sentence }) => sentence.en);
    };

    it('of what waits for some years after a contract whose end is not known (C09)', () => {
      expect(offered(former({}), campaign, person)).toEqual(['The contract ends; by itself on 24 May 2031.']);
    });

    it('of an objection that is taken back while it is too early to ask (C09)', () => {
      const ledger = former({ contractEnd: NOW - 30 * DAY });
      ledger.say({ purposeId: campaign.id, scope: person, status: 'objected', cause: 'person', decidedAt: ledger.now });
      expect(offered(ledger, campaign, person)).toMatchObject([
        expect.stringMatching(/^By itself on 25 April 2031; .*: you take your objection back/),
      ]);
    });

    it('of a yes for an account that is not the person’s yet (C88)', () => {
      const ads = catalogue.purposes.get('pickx-personalised-tv-ads') as Purpose;
      const account: Scope = { level: 'account', id: 'a-1' };
      const ledger = new MemoryLedger(catalogue);
      ledger.register(facts({}), [{ ...account, brand: null, validFrom: NOW + 2 * DAY }]);
      expect(offered(ledger, ads, account)).toMatchObject([
        expect.stringMatching(/^By itself on 26 November 2026; .*: you consent/),
      ]);
    });

    it('of what is for former customers, to a customer (C09)', () => {
      expect(offered(lived([facts({}), [], []]), campaign, person)).toEqual([
        'You are a former customer; the contract ends; by itself on 24 May 2031.',
      ]);
    });
  });

  it('of a yes that is refused without the period announced names the attribute that carries it (C12)', () => {
    const lead = catalogue.purposes.get('event-lead-marketing') as Purpose;
    const [offered] = askOf(lived([facts(), [], []]), lead, person).wouldChange;
    expect(offered?.changes).toMatchObject([{ status: 'given', attributes: ['announcedPeriod'] }]);
    for (const sentence of Object.values(offered?.sentence ?? {})) expect(sentence).toContain('announcedPeriod');
  });
});
