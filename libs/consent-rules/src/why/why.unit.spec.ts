import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { clockNote } from '../clock-notes.js';
import { decide } from '../decide.js';
import { evolve } from '../evolve.js';
import { permissionForCategory } from '../permission-for-category.js';
import { permissionIn, othersOf, reachedScopes, seenFrom, stateIn } from '../prerequisites.js';
import { realCatalogue as catalogue } from '../spec-catalogue.js';
import { command, context, DAY, facts, NOW, SUBJECT } from '../test-fixtures.js';
import { TRANSITIONS } from '../transitions.js';
import { type LedgerEntry, type Purpose, type Scope, type Status, type SubjectView } from '../types.js';
import { questionAfter } from './apply-changes.js';
import { explain } from './explain.js';
import { type Change, type Counterfactual, type FactName, type Question } from './explanation.js';
import { permissionAt } from './permission-at.js';

const person: Scope = { level: 'person', id: SUBJECT };
const scopes = [
  { level: 'account', id: 'a-1', brand: null },
  { level: 'line', id: 'l-1' },
  { level: 'device', id: 'd-1' },
  { level: 'contact_point', id: 'c-1', kind: 'phone' },
] as const;
const nobody: SubjectView = { subjectId: SUBJECT, facts: null, scopes: [], states: [] };
const purposeOf = (id: string): Purpose => {
  const found = catalogue.purposes.get(id);
  if (found === undefined) throw new Error(`no purpose ${id}`);
  return found;
};

interface Past {
  view: SubjectView;
  ledger: LedgerEntry[];
}
/** A decision more; one that is refused leaves all as it was. */
function after({ view, ledger }: Past, purpose: Purpose, scope: Scope, status: Status, decidedAt: number): Past {
  const current = stateIn(view, purpose.id, scope.id);
  const cause = TRANSITIONS[purpose.choiceModel].find((t) => t.to === status)?.causes[0] ?? 'person';
  const result = decide(
    command({ purposeId: purpose.id, scope, status, cause, decidedAt }),
    current,
    purpose,
    view.facts,
    context({
      version: ledger.length + 1,
      systems: catalogue.systems,
      ...othersOf(view, catalogue, scope, NOW),
    }),
  );
  if (result.kind === 'refused') return { view, ledger };
  const held = { scope, purposeId: purpose.id, state: evolve(current, result.entry) };
  const others = view.states.filter((s) => s.purposeId !== purpose.id || s.scope.id !== scope.id);
  return { view: { ...view, states: [...others, held] }, ledger: [...ledger, result.entry] };
}
const ask = ({ view, ledger }: Past, id: string, scope: Scope = person, at = NOW): Question => ({
  view,
  ledger,
  catalogue,
  purpose: purposeOf(id),
  scope,
  at,
});
const known = (over = {}): Past => ({ view: { ...nobody, facts: facts(over), scopes: [...scopes] }, ledger: [] });
const kinds = ({ changes }: Counterfactual) => changes.map((c) => (c.kind === 'decision' ? c.status : c.kind));

const anyPurpose = fc.constantFrom(...[...catalogue.purposes.values()].filter((p) => p.scopeLevel !== null));
const anyPast: fc.Arbitrary<Past> = fc
  .tuple(
    fc.option(
      fc.record({
        brand: fc.constantFrom('proximus', 'scarlet', 'other', null),
        roles: fc.subarray(['prospect', 'customer', 'ex-customer'] as const),
        minor: fc.constantFrom(true, false, null),
        contractStart: fc.option(fc.integer({ min: -900, max: 0 }).map((days) => NOW + days * DAY)),
        contractEnd: fc.option(fc.integer({ min: -3_000, max: 90 }).map((days) => NOW + days * DAY)),
        fullMarketingObjectionAt: fc.option(fc.integer({ min: -9, max: 0 }).map((days) => NOW + days * DAY)),
      }),
      { freq: 8 },
    ),
    fc.subarray([...scopes]),
    fc.array(fc.tuple(anyPurpose, fc.nat(9), fc.integer({ min: -1_500, max: 0 })), { maxLength: 12 }),
  )
  .map(([f, some, decisions]) => {
    const start: Past = { view: { ...nobody, facts: f, scopes: some }, ledger: [] };
    return decisions.reduce((past, [purpose, pick, days]) => {
      const statuses = TRANSITIONS[purpose.choiceModel];
      const status = statuses[pick % Math.max(1, statuses.length)]?.to;
      const [scope] = reachedScopes(past.view, purpose);
      return status && scope ? after(past, purpose, scope, status, NOW + days * DAY) : past;
    }, start);
  });

describe('why', () => {
  it('tells in order what the catalogue says, what was decided and what the rules made of it', () => {
    const yes = after(known(), purposeOf('prospect-newsletter'), person, 'given', NOW - 9 * DAY);
    const no = after(yes, purposeOf('prospect-newsletter'), person, 'withdrawn', NOW - 5 * DAY);
    const late = after(no, purposeOf('prospect-newsletter'), person, 'given', NOW - 6 * DAY);
    const again = after(late, purposeOf('prospect-newsletter'), person, 'given', NOW - DAY);
    const { permission, steps } = explain(ask(again, 'prospect-newsletter'));
    expect(permission).toMatchObject({ allowed: true, reason: 'given' });
    expect(steps.map((s) => (s.kind === 'decision' ? s.standing : s.kind === 'rule' ? s.rule : s.kind))).toEqual([
      'purpose',
      'overtaken',
      'overtaken',
      'evidence-only',
      'in-force',
      'brand-gate',
      'consent-clock',
      'full-marketing-objection',
    ]);
    expect(steps.map((s) => s.sentence.en)).toContain(
      '23 November 2026: you consented, through MyProximus. This is the decision in force.',
    );
  });

  it('asked about data of one kind tells what bars them, and what would open them, by the rule that "may I?" goes by', () => {
    const categories = [...catalogue.purposes.values()].flatMap((p) =>
      [...p.categoryGates, ...p.dataClocks].map(({ category }) => ({ id: p.id, category })),
    );
    fc.assert(
      fc.property(anyPast, fc.constantFrom(...categories), (past, { id, category }) => {
        const [scope] = reachedScopes(past.view, purposeOf(id));
        if (scope === undefined) return;
        const question = { ...ask(past, id, { level: scope.level, id: scope.id }), category };
        const { permission, steps, wouldChange } = explain(question);
        const open = permissionIn(past.view, catalogue, question.purpose, scope, NOW);
        expect(permission).toEqual(permissionForCategory(open, category, question));
        const last = steps.at(-1);
        expect(last?.kind === 'category').toBe(open.allowed);
        if (last?.kind === 'category') expect(last.outcome === 'closes').toBe(!permission.allowed);
        for (const { changes } of wouldChange) {
          const then = questionAfter(question, changes);
          expect(then && permissionAt(then).allowed).toBe(!permission.allowed);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('tells what the clock noted apart: nobody decided it, and nothing moved', () => {
    const newsletter = purposeOf('prospect-newsletter');
    const yes = after(known(), newsletter, person, 'given', NOW - 9 * DAY);
    const { view, ledger } = after(yes, newsletter, person, 'withdrawn', NOW - 5 * DAY);
    const note = clockNote('proof-retention', view, newsletter, person, catalogue, {
      at: NOW,
      now: NOW,
      version: 3,
      decisionId: 'd',
      caller: 'consent-service',
      attributes: {},
    });
    const { steps } = explain(ask({ view, ledger: [...ledger, note] }, 'prospect-newsletter'));
    expect(steps.map((s) => (s.kind === 'decision' ? s.standing : s.kind))).toEqual([
      'purpose',
      'overtaken',
      'in-force',
      'noted',
    ]);
    expect(steps.at(-1)?.sentence.en).toBe(
      '24 November 2026: The proof of what was decided before need be kept no longer. It is written down and changes nothing of what is allowed.',
    );
  });

  it('stops at the rule that closes, and names the decisions on the statement that it carries out', () => {
    const past = after(known({ brand: 'scarlet' }), purposeOf('ads-data-targeted-advertising'), person, 'given', NOW);
    const last = explain(ask(past, 'ads-data-targeted-advertising')).steps.at(-1);
    expect(last).toMatchObject({ rule: 'brand-gate', outcome: 'closes', decisions: ['C40', 'C41', 'C87'] });
  });

  it('tells of each prerequisite before the rule that asked for it', () => {
    const account = scopes[0];
    const past = after(known(), purposeOf('pickx-on-screen-promotion'), account, 'objected', NOW - DAY);
    const { steps, permission } = explain(ask(past, 'pickx-own-promotion', account));
    expect(permission.reason).toBe('prerequisite_closed');
    expect(steps.filter((s) => s.purposeId === 'pickx-on-screen-promotion').map((s) => s.kind)).toEqual([
      'purpose',
      'decision',
    ]);
    expect(steps.at(-1)).toMatchObject({ purposeId: 'pickx-own-promotion', rule: 'prerequisites-open' });
  });

  it('does not call a change by a rule a decision', () => {
    const past = after(known(), purposeOf('prospect-newsletter'), person, 'given', NOW - DAY);
    const [given] = past.ledger;
    if (given === undefined) throw new Error('was refused');
    const moved: LedgerEntry = {
      ...given,
      version: 2,
      cause: 'facts',
      permission: { ...given.permission, allowed: false, reason: 'brand_unknown' },
    };
    const { steps } = explain(ask({ ...past, ledger: [given, moved] }, 'prospect-newsletter'));
    expect(steps.flatMap((s) => (s.kind === 'decision' ? s.standing : []))).toEqual(['in-force', 'consequence']);
  });

  it('names with each rule the facts that it judged by, who told them and when', () => {
    const source = { recordedAt: NOW - DAY, by: 'crm', channel: 'batch', factsVersion: 3 };
    const { steps } = explain({
      ...ask(known({ contractEnd: NOW - 9 * DAY }), 'customer-newsletter'),
      sourceOf: () => source,
    });
    const told = steps.flatMap((step) =>
      step.kind === 'rule' ? [[step.rule, ...step.facts.map(({ fact }) => fact)]] : [],
    );
    expect(told).toEqual([
      ['brand-gate', 'brand'],
      ['role-covered', 'roles'],
      ['contract-clock', 'contractEnd', 'contractStart'],
      ['full-marketing-objection', 'fullMarketingObjectionAt'],
    ]);
    const brand = steps.flatMap((step) => (step.kind === 'rule' ? step.facts : []))[0];
    expect(brand).toMatchObject({ value: 'proximus', source });
    expect(brand?.sentence).toEqual({
      en: 'Brand: proximus (crm, from a file, 23 November 2026, version 3 of the facts).',
      nl: 'Merk: proximus (crm, uit een bestand, 23 november 2026, versie 3 van de feiten).',
      fr: 'Marque\u202f: proximus (crm, d’un fichier, 23 novembre 2026, version 3 des faits).',
    });
  });

  it('says that nothing is known where nothing is known', () => {
    expect(explain(ask({ view: nobody, ledger: [] }, 'customer-newsletter')).steps.at(-1)?.kind).toBe('facts-missing');
  });

  it('speaks each language wherever it speaks', () => {
    fc.assert(
      fc.property(anyPast, anyPurpose, (past, purpose) => {
        const { steps, wouldChange } = explain(ask(past, purpose.id, reachedScopes(past.view, purpose)[0] ?? person));
        const facts = steps.flatMap((step) => (step.kind === 'rule' ? step.facts : []));
        for (const { sentence } of [...steps, ...facts, ...wouldChange])
          for (const language of ['en', 'nl', 'fr'] as const) {
            expect(sentence[language]).toMatch(/[.)]$/);
            expect(sentence[language]).not.toMatch(/undefined|null|Invalid/);
          }
      }),
      { numRuns: 300 },
    );
  });
});

describe('what would have to happen', () => {
  it('turns the answer round when it happens, and none of it is needless', () => {
    fc.assert(
      fc.property(anyPast, anyPurpose, fc.integer({ min: 0, max: 2_000 }), (past, purpose, days) => {
        const scope = reachedScopes(past.view, purpose)[0] ?? person;
        const question = ask(past, purpose.id, scope, NOW + days * DAY);
        const { allowed } = permissionIn(past.view, catalogue, purpose, scope, question.at);
        const answerAfter = (changes: readonly Change[]) => {
          const then = questionAfter(question, changes);
          return then === null ? allowed : permissionAt(then).allowed;
        };
        for (const { changes, permission } of explain(question).wouldChange) {
          expect(permission.allowed).toBe(!allowed);
          expect(answerAfter(changes)).toBe(!allowed);
          for (const one of changes) expect(answerAfter(changes.filter((c) => c !== one))).toBe(allowed);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('is the person’s yes for a consent that was never given', () => {
    expect(explain(ask(known(), 'prospect-newsletter')).wouldChange.map(kinds)).toEqual([['given']]);
  });

  it('is a no, another role, or the moment a clock runs out, for what is open by default', () => {
    const { wouldChange } = explain(ask(known({ contractEnd: NOW - DAY }), 'customer-newsletter'));
    expect(wouldChange.map(kinds)).toEqual([['objected'], ['role'], ['moment']]);
  });

  it('is several things at once where several stand in the way, in the order in which they happen: facts, then what is said', () => {
    const past = known({ brand: 'scarlet', minor: null });
    const { wouldChange } = explain(ask(past, 'web-app-targeted-advertising'));
    expect(wouldChange.map(kinds)).toEqual([['brand', 'age', 'given', 'given']]);
    expect(wouldChange[0]?.changes).toMatchObject([
      { to: 'proximus' },
      { minor: false },
      { purposeId: 'web-app-targeted-advertising' },
      { purposeId: 'third-party-advertising-cookies', scope: { level: 'device', id: 'd-1' } },
    ]);
  });

  it('is another brand of the account from which the purpose is seen, whatever the brand of the person (C41)', () => {
    const account = { level: 'account', id: 'a-2', brand: 'scarlet' } as const;
    const past = after(known(), purposeOf('ads-data-targeted-advertising'), person, 'given', NOW - DAY);
    const view = seenFrom({ ...past.view, scopes: [...past.view.scopes, account] }, account);
    const asked: Scope[] = [];
    const sourceOf = (_: FactName, scope: Scope) => {
      asked.push(scope);
      return null;
    };
    const { permission, wouldChange } = explain({
      ...ask({ ...past, view }, 'ads-data-targeted-advertising'),
      sourceOf,
    });
    expect(permission.reason).toBe('brand_excluded');
    expect(asked).toMatchObject([{ id: 'a-2' }]);
    expect(wouldChange.map(({ changes }) => changes)).toMatchObject([
      [{ kind: 'brand', scope: { id: 'a-2' }, to: 'proximus' }],
    ]);
  });

  it('is a new contract and a new yes for an advertising consent that ended with its contract', () => {
    const ended = after(
      known({ contractEnd: NOW - DAY }),
      purposeOf('ads-data-targeted-advertising'),
      person,
      'given',
      NOW - 9 * DAY,
    );
    expect(explain(ask(ended, 'ads-data-targeted-advertising')).wouldChange.map(kinds)).toEqual([
      ['contract', 'given'],
    ]);
  });

  it('is an answer of the operator, or the person taking it back, for an objection under assessment', () => {
    const past = after(known(), purposeOf('dispute-management'), person, 'objection_submitted', NOW - DAY);
    expect(explain(ask(past, 'dispute-management')).wouldChange.map((c) => c.changes)).toMatchObject([
      [{ status: 'objection_rejected', by: ['operator', 'authority'] }],
      [{ status: 'objection_lifted', by: ['person', 'guardian', 'agent'] }],
    ]);
  });

  it('is no end of a contract that has ended', () => {
    const past = known({ roles: ['ex-customer'], contractEnd: NOW - 2_200 * DAY });
    const { permission, wouldChange } = explain(ask(past, 'customer-newsletter'));
    expect(permission.reason).toBe('period_after_contract_over');
    expect(wouldChange.map(kinds)).toEqual([['contract']]);
    expect(wouldChange[0]?.changes).toEqual([{ kind: 'contract', to: 'begins' }]);
  });

  it('is the moment at which former customers are asked, and a new contract once they are (C09)', () => {
    const contractEnd = Date.UTC(2022, 11, 31, 11);
    const opens = Date.UTC(2027, 5, 30, 10);
    const past = known({ roles: ['ex-customer'], contractEnd });
    const asked = ask(past, 'ex-customer-consent-campaign');
    const before = explain(asked);
    expect(before.permission).toMatchObject({ reason: 'too_early_after_contract', nextChangeAt: opens });
    expect(before.wouldChange.map((c) => c.changes)).toEqual([[{ kind: 'moment', at: opens }]]);
    const during = explain({ ...asked, at: opens });
    expect(during.permission.allowed).toBe(true);
    expect(during.wouldChange.map((c) => c.changes)).toContainEqual([{ kind: 'contract', to: 'begins' }]);
  });

  it('is nothing where no choice exists', () => {
    expect(explain(ask(known(), 'contract-onboarding', scopes[0])).wouldChange).toEqual([]);
  });
});
