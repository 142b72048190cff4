import fc from 'fast-check';
import { DAY } from '../test-fixtures.js';
import { someFacts, someScope } from './acts.js';
import { type MemoryLedger } from './memory-ledger.js';
import { OLDER } from './some-purposes.js';

/** Section 11.5: these say no to all marketing, so to what is not known yet too. */
export const TO_ALL_MARKETING = ['withdraw-all', 'object-marketing', 'object-marketing-fully'];
export const someBundle = fc.constantFrom(...OLDER.bundles.keys());
/** What becomes known afterwards: contact points, accounts, lines and devices, then other facts; and time passes. */
export const later = fc.record({
  scopes: fc.array(someScope, { maxLength: 4 }),
  facts: fc.option(someFacts),
  days: fc.nat(1_500),
});
type Later = typeof later extends fc.Arbitrary<infer T> ? T : never;

export function goesOn(ledger: MemoryLedger, { scopes, facts, days }: Later): void {
  ledger.register(null, scopes);
  ledger.register(facts);
  ledger.passTo(ledger.now + days * DAY);
}

export const named = ({ purpose, scope }: ReturnType<MemoryLedger['triples']>[number]): string =>
  `${purpose.id} ${scope.id}`;

/** What "may I?" allows of these purposes. */
export const openOf = (ledger: MemoryLedger, purposes: ReadonlySet<string>): string[] =>
  ledger
    .triples()
    .filter(({ purpose, scope }) => purposes.has(purpose.id) && ledger.may(purpose, scope).allowed)
    .map(named);
