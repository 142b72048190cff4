import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { stateIn } from '../prerequisites.js';
import { realCatalogue } from '../spec-catalogue.js';
import { DAY, facts, NOW, SUBJECT } from '../test-fixtures.js';
import { type Purpose, type Scope, type ScopeFacts } from '../types.js';
import { life, lived, RUNS } from './acts.js';
import { MemoryLedger } from './memory-ledger.js';
import { OLDER } from './some-purposes.js';

const person: Scope = { level: 'person', id: SUBJECT };
const device: Scope = { level: 'device', id: 'device-1' };
const FAR = 20 * 366 * DAY;
const purposeOf = (id: string): Purpose => realCatalogue.purposes.get(id) as Purpose;

/** Somebody who said yes to web advertising and to the cookies of one device. */
function onDevice(validity: Pick<ScopeFacts, 'validFrom' | 'validUntil'>): MemoryLedger {
  const ledger = new MemoryLedger(realCatalogue);
  ledger.register(facts(), [{ ...device, ...validity }]);
  ledger.say({ purposeId: 'third-party-advertising-cookies', scope: device });
  ledger.say({ purposeId: 'web-app-targeted-advertising' });
  return ledger;
}
const webAds = (ledger: MemoryLedger) => ledger.may(purposeOf('web-app-targeted-advertising'), person);

describe('the next change', () => {
  it('is the first moment at which a permission turns round: until it nothing changes by itself', () => {
    fc.assert(
      fc.property(life, fc.double({ min: 0, max: 1, noNaN: true }), (acts, share) => {
        const ledger = lived(new MemoryLedger(OLDER), acts);
        for (const { purpose, scope } of ledger.triples()) {
          const now = ledger.may(purpose, scope);
          const until = Math.min(now.nextChangeAt ?? Infinity, ledger.now + FAR);
          for (const at of [until - 1, ledger.now + Math.floor(share * (until - 1 - ledger.now))]) {
            const then = ledger.may(purpose, scope, at);
            expect([purpose.id, at, then.allowed]).toEqual([purpose.id, at, now.allowed]);
            if (now.allowed) expect(then).toEqual(now);
          }
        }
      }),
      RUNS,
    );
  });

  it('of what stands on a device comes with the end of the device, in the answer and in the ledger', () => {
    const validUntil = NOW + 10 * DAY;
    const ledger = onDevice({ validUntil });
    expect(webAds(ledger)).toMatchObject({ allowed: true, nextChangeAt: validUntil });
    expect(stateIn(ledger.view, 'web-app-targeted-advertising', SUBJECT)?.nextChangeAt).toBe(validUntil);
    ledger.passTo(validUntil);
    const closed = ledger.entries.findLast(({ purposeId }) => purposeId === 'web-app-targeted-advertising');
    expect(closed).toMatchObject({ cause: 'clock', permission: { reason: 'prerequisite_closed' } });
  });

  it('of what waits for a device comes with its first moment', () => {
    const validFrom = NOW + 5 * DAY;
    const ledger = onDevice({ validFrom });
    expect(webAds(ledger)).toMatchObject({ allowed: false, reason: 'prerequisite_closed', nextChangeAt: validFrom });
    ledger.passTo(validFrom);
    expect(webAds(ledger)).toMatchObject({ allowed: true, nextChangeAt: null });
  });

  it('of what stands on several devices comes when the last of them has ended', () => {
    const ledger = onDevice({ validUntil: NOW + 10 * DAY });
    const other: Scope = { level: 'device', id: 'device-2' };
    ledger.register(null, [{ ...other, validFrom: NOW + 9 * DAY, validUntil: NOW + 20 * DAY }]);
    ledger.say({ purposeId: 'third-party-advertising-cookies', scope: other });
    expect(webAds(ledger)).toMatchObject({ allowed: true, nextChangeAt: NOW + 20 * DAY });
  });

  it('of market insights is that of the segmentation they stand on (C25)', () => {
    const ledger = new MemoryLedger(realCatalogue);
    ledger.register(facts({ contractEnd: Date.UTC(2022, 10, 30, 11) }));
    const [below, above] = ['customer-base-segmentation', 'market-insights-analytics'].map((id) =>
      ledger.may(purposeOf(id), person),
    );
    expect(below).toMatchObject({ allowed: true, nextChangeAt: Date.UTC(2027, 10, 30, 11) });
    expect(above).toMatchObject({ allowed: true, nextChangeAt: below?.nextChangeAt });
  });
});
