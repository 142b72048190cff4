import { describe, it } from '@jest/globals';
import fc from 'fast-check';
import { type BundleItem } from '../expand-bundle.js';
import { stateIn } from '../prerequisites.js';
import { DAY } from '../test-fixtures.js';
import { life, lived, RUNS } from './acts.js';
import { expectEqual } from './expect-equal.js';
import { MemoryLedger } from './memory-ledger.js';
import { goesOn, later, named, someBundle, TO_ALL_MARKETING } from './some-bundles.js';
import { OLDER } from './some-purposes.js';

/** What "may I?" answers about everything, and what the systems were told of it. */
const answers = (ledger: MemoryLedger) =>
  ledger.triples().map(({ purpose, scope }) => {
    const { allowed, reason, nextChangeAt } = ledger.may(purpose, scope);
    return [purpose.id, scope.id, allowed, reason, nextChangeAt].join(' ');
  });
const toldOpen = (ledger: MemoryLedger) =>
  ledger
    .triples()
    .filter(({ purpose, scope }) => stateIn(ledger.view, purpose.id, scope.id)?.allowed === true)
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
});
