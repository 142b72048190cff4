import { describe, it } from '@jest/globals';
import fc from 'fast-check';
import { facts } from '../test-fixtures.js';
import { type DecideCommand, type Purpose, type Scope } from '../types.js';
import { everyScope, RUNS, scopesOf, someFacts, WITHOUT_REASONS } from './acts.js';
import { expectEqual } from './expect-equal.js';
import { MemoryLedger } from './memory-ledger.js';
import { OLDER } from './some-purposes.js';

const HOUR = 3_600_000;
type Word = Pick<DecideCommand, 'status' | 'cause' | 'decidedAt'> | { bundle: string; decidedAt: number };

const isYes = (word: Word): boolean =>
  'status' in word && (word.status === 'given' || word.status === 'objection_lifted');
/** The newest word; of two of the same moment the no. */
const newestOf = (words: readonly Word[]): Word | null =>
  words.toSorted((a, b) => a.decidedAt - b.decidedAt || Number(isYes(b)) - Number(isYes(a))).at(-1) ?? null;

/** What the person says about one thing, or by a bundle that names it, each at its moment within a day. */
const wordsAbout = (purpose: Purpose): fc.Arbitrary<Word[]> => {
  const status =
    purpose.choiceModel === 'opt-in'
      ? (['given', 'withdrawn', 'refused'] as const)
      : (['objected', 'objection_lifted'] as const);
  const hour = fc.integer({ min: 0, max: 24 }).map((hours) => START + hours * HOUR);
  const single = fc.record({
    status: fc.constantFrom(...status),
    cause: fc.constantFrom('person' as const, 'guardian' as const, 'agent' as const),
    decidedAt: hour,
  });
  const kinds = [...OLDER.bundles.values()].filter(({ purposes }) => purposes.includes(purpose.id)).map(({ id }) => id);
  const bundle = fc.record({ bundle: fc.constantFrom(...kinds), decidedAt: hour });
  const word = kinds.length > 0 ? fc.oneof({ weight: 3, arbitrary: single }, bundle) : single;
  return fc.array(word, { minLength: 1, maxLength: 5 });
};
const START = new MemoryLedger(OLDER).now;

/** Words, in two orders, each told at least once in both. */
const told = fc.constantFrom(...WITHOUT_REASONS).chain((purpose) =>
  wordsAbout(purpose).chain((all) => {
    const twice = [...all, ...all];
    const order = fc.shuffledSubarray(twice, { minLength: twice.length });
    return fc.record({
      purpose: fc.constant(purpose),
      scope: fc.constantFrom(...scopesOf(purpose)),
      newest: fc.constant(newestOf(all)),
      orders: fc.tuple(order, order),
    });
  }),
);

function after(words: readonly (Word | null)[], purpose: Purpose, scope: Scope, known = facts()): MemoryLedger {
  const ledger = new MemoryLedger(OLDER);
  ledger.register(known, everyScope);
  ledger.passTo(START + 48 * HOUR);
  for (const id of purpose.dependsOn) {
    const below = ledger.triples().filter((triple) => triple.purpose.id === id);
    for (const {
      scope: { level, id: scopeId },
    } of below)
      ledger.say({ purposeId: id, scope: { level, id: scopeId }, status: 'given', decidedAt: ledger.now });
  }
  for (const word of words) {
    if (word === null) continue;
    if ('bundle' in word) ledger.bundle(word.bundle, { decidedAt: word.decidedAt });
    else ledger.say({ ...word, purposeId: purpose.id, scope });
  }
  return ledger;
}

describe('in any order, and however often', () => {
  it('what the person says opens nothing that the newest word closes, and of two at one moment the no counts', () => {
    fc.assert(
      fc.property(told, ({ purpose, scope, newest, orders: [order] }) => {
        const open = after(order, purpose, scope).may(purpose, scope).allowed;
        expectEqual(open && newest !== null && !isYes(newest), false);
      }),
      RUNS,
    );
  });

  it('what the person says ends the same, once the newest word is told last', () => {
    fc.assert(
      fc.property(told, someFacts, ({ purpose, scope, newest, orders: [one, other] }, known) => {
        const [first, second] = [one, other].map((order) =>
          after([...order, newest], purpose, scope, known).may(purpose, scope),
        );
        expectEqual(first?.allowed, second?.allowed);
        if (first?.allowed) expectEqual(first, second);
      }),
      RUNS,
    );
  });
});
