import { describe, it } from '@jest/globals';
import fc from 'fast-check';
import { type BundleItem } from '../expand-bundle.js';
import { stateIn } from '../prerequisites.js';
import { DAY } from '../test-fixtures.js';
import { life, lived, RUNS, someFacts, someScope, takesBack } from './acts.js';
import { expectEqual } from './expect-equal.js';
import { MemoryLedger } from './memory-ledger.js';
import { OLDER } from './some-purposes.js';

/** Section 11.5: these say no to all marketing, so to what is not known yet too. */
const TO_ALL_MARKETING = ['withdraw-all', 'object-marketing', 'object-marketing-fully'];
const someBundle = fc.constantFrom(...OLDER.bundles.keys());
/** What becomes known afterwards: contact points, accounts, lines and devices, then other facts; and time passes. */
const later = fc.record({
  scopes: fc.array(someScope, { maxLength: 4 }),
  facts: fc.option(someFacts),
  days: fc.nat(1_500),
});
type Later = typeof later extends fc.Arbitrary<infer T> ? T : never;

function goesOn(ledger: MemoryLedger, { scopes, facts, days }: Later): void {
  ledger.register(null, scopes);
  ledger.register(facts);
  ledger.passTo(ledger.now + days * DAY);
}

/** What "may I?" answers about everything, and what the systems were told of it. */
const answers = (ledger: MemoryLedger) =>
  ledger.triples().map(({ purpose, scope }) => {
    const { allowed, reason, nextChangeAt } = ledger.may(purpose, scope);
    return [purpose.id, scope.id, allowed, reason, nextChangeAt].join(' ');
  });
const named = ({ purpose, scope }: ReturnType<MemoryLedger['triples']>[number]): string => `${purpose.id} ${scope.id}`;
const toldOpen = (ledger: MemoryLedger) =>
  ledger
    .triples()
    .filter(({ purpose, scope }) => stateIn(ledger.view, purpose.id, scope.id)?.allowed === true)
    .map(named);
const openOf = (ledger: MemoryLedger, purposes: ReadonlySet<string>) =>
  ledger
    .triples()
    .filter(({ purpose, scope }) => purposes.has(purpose.id) && ledger.may(purpose, scope).allowed)
    .map(named);

describe('a bundle', () => {
  it('equals its parts, in any order, for contact points added after it too', () => {
    const said = fc.record({ kind: someBundle, daysAgo: fc.nat(3), order: fc.infiniteStream(fc.nat(99)) });
    fc.assert(
      fc.property(life, said, later, (acts, { kind, daysAgo, order }, afterwards) => {
        const together = lived(new MemoryLedger(OLDER), acts);
        const apart = together.copy();
        const decidedAt = together.now - daysAgo * DAY;
        together.bundle(kind, { decidedAt });
        const say = (item: BundleItem) => (): unknown => apart.say({ ...item, decidedAt });
        const parts = apart.partsOf(kind).map(say);
        // The act itself is a part: its moment reaches what is not known yet (C18), or comes in later.
        parts.push(() => apart.closeAll(kind, decidedAt));
        if (TO_ALL_MARKETING.includes(kind)) parts.push(() => apart.objectToAll(decidedAt));
        const keyed = parts.map((part) => ({ part, key: Number(order.next().value) }));
        for (const { part } of keyed.sort((a, b) => a.key - b.key)) part();
        for (const ledger of [together, apart]) goesOn(ledger, afterwards);
        expectEqual(answers(apart), answers(together));
        expectEqual(toldOpen(apart), toldOpen(together));
      }),
      RUNS,
    );
  });

  it('leaves nothing open that it reaches, whatever becomes known later, contact points added after an objection to all marketing included (C18)', () => {
    fc.assert(
      fc.property(life, someBundle, later, (acts, kind, afterwards) => {
        const ledger = lived(new MemoryLedger(OLDER), acts);
        const reached = new Set(ledger.catalogue.bundles.get(kind)?.purposes);
        ledger.bundle(kind);
        expectEqual(openOf(ledger, reached), []);
        const before = new Set(ledger.triples().map(({ scope }) => scope.id));
        goesOn(ledger, afterwards);
        const toAll = TO_ALL_MARKETING.includes(kind);
        const stays = ledger
          .triples()
          .filter(
            ({ purpose, scope }) =>
              reached.has(purpose.id) && (before.has(scope.id) || (toAll && purpose.ownMarketing)),
          );
        expectEqual(
          stays.filter(({ purpose, scope }) => ledger.may(purpose, scope).allowed),
          [],
        );
      }),
      RUNS,
    );
  });

  it('opens nothing, not even of a person of whom nothing was known', () => {
    const allPurposes = new Set(OLDER.purposes.keys());
    fc.assert(
      fc.property(life, someBundle, (acts, kind) => {
        const ledger = lived(new MemoryLedger(OLDER), acts);
        const before = openOf(ledger, allPurposes);
        ledger.bundle(kind);
        expectEqual(
          openOf(ledger, allPurposes).filter((one) => !before.includes(one)),
          [],
        );
      }),
      RUNS,
    );
  });

  it('that is taken back leaves no trace in what is allowed: each newer yes opens what its no had closed', () => {
    fc.assert(
      fc.property(life, someBundle, (acts, kind) => {
        const never = lived(new MemoryLedger(OLDER), acts);
        const once = never.copy();
        const reached = new Set(once.catalogue.bundles.get(kind)?.purposes);
        once.bundle(kind);
        for (const ledger of [never, once]) {
          ledger.passTo(ledger.now + 1);
          takesBack(reached)(ledger);
        }
        // The address of an unsubscribe becomes known by it.
        const known = new Set(never.triples().map(named));
        const allPurposes = new Set(OLDER.purposes.keys());
        const open = openOf(once, allPurposes).filter((one) => known.has(one));
        expectEqual(open, openOf(never, allPurposes));
      }),
      RUNS,
    );
  });
});
