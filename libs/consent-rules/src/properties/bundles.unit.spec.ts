import { describe, it } from '@jest/globals';
import fc from 'fast-check';
import { life, lived, RUNS, takesBack } from './acts.js';
import { expectEqual } from './expect-equal.js';
import { MemoryLedger } from './memory-ledger.js';
import { goesOn, later, named, openOf, someBundle, TO_ALL_MARKETING } from './some-bundles.js';
import { OLDER } from './some-purposes.js';

describe('a bundle', () => {
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
