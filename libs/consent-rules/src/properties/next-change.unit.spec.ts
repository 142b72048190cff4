import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { clockChanges, nextClock } from '../clock-changes.js';
import { stateIn } from '../prerequisites.js';
import { realCatalogue } from '../spec-catalogue.js';
import { DAY, facts, NOW, SUBJECT } from '../test-fixtures.js';
import { type Purpose, type Scope, type ScopeFacts } from '../types.js';
import { life, lived, RUNS } from './acts.js';
import { expectEqual } from './expect-equal.js';
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
        const moved = ledger.triples().flatMap(({ purpose, scope }) => {
          const now = ledger.may(purpose, scope);
          const until = Math.min(now.nextChangeAt ?? Infinity, ledger.now + FAR);
          return [until - 1, ledger.now + Math.floor(share * (until - 1 - ledger.now))].flatMap((at) => {
            const then = ledger.may(purpose, scope, at);
            const same = now.allowed ? isDeepStrictEqual(then, now) : !then.allowed;
            return same ? [] : [{ purpose: purpose.id, scope, now, at, then }];
          });
        });
        expectEqual(moved, []);
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

  describe('of asking a former customer (C09)', () => {
    const campaign = purposeOf('ex-customer-consent-campaign');
    const contractEnd = Date.UTC(2022, 10, 30, 11);
    const [opens, ends] = [Date.UTC(2027, 4, 30, 10), Date.UTC(2027, 10, 30, 11)];
    const told = ({ entries }: MemoryLedger) =>
      entries.flatMap(({ purposeId, cause, permission, decidedAt, systems }) =>
        purposeId === campaign.id
          ? [[cause, permission.allowed, permission.nextChangeAt, decidedAt, systems.length]]
          : [],
      );
    const left = (): MemoryLedger => {
      const ledger = new MemoryLedger(realCatalogue);
      ledger.register(facts());
      ledger.register(facts({ roles: ['ex-customer'], contractEnd }));
      return ledger;
    };

    it('comes with the window, whose opening and end are told to the systems concerned although nobody decided', () => {
      const ledger = left();
      expect(ledger.may(campaign, person)).toMatchObject({ allowed: false, nextChangeAt: opens });
      ledger.passTo(opens - 1);
      const closing = ['facts', false, null, NOW, 1];
      expect(told(ledger)).toEqual([closing]);
      ledger.passTo(ends);
      expect(told(ledger)).toEqual([closing, ['clock', true, ends, opens, 1], ['clock', false, null, ends, 1]]);
    });

    it('comes with the window too when it was objected to and taken back before', () => {
      const ledger = left();
      for (const status of ['objected', 'objection_lifted'] as const) {
        ledger.passTo(ledger.now + DAY);
        ledger.say({ purposeId: campaign.id, status, decidedAt: ledger.now });
      }
      ledger.passTo(opens);
      expect(ledger.entries.at(-1)).toMatchObject({
        purposeId: campaign.id,
        cause: 'clock',
        permission: { allowed: true, reason: 'objection_lifted', nextChangeAt: ends },
      });
    });

    it('is not told as an opening by a clock that comes after the whole window', () => {
      const { view } = left();
      const context = { nextVersion: () => 0, newDecisionId: () => '', caller: 'consent-service' };
      const at = (now: number) =>
        clockChanges(view, realCatalogue, opens, { ...context, now }).map(({ purposeId }) => purposeId);
      expect(nextClock(view, realCatalogue, opens)).toBe(opens);
      expect(at(ends - 1)).toEqual([campaign.id]);
      expect(at(ends)).toEqual([]);
    });
  });

  it('of market insights, which are of customers alone, comes before that of the segmentation they stand on (C25, C68)', () => {
    const ledger = new MemoryLedger(realCatalogue);
    const contractEnd = Date.UTC(2027, 10, 30, 11);
    ledger.register(facts({ contractEnd }));
    const [below, above] = ['customer-base-segmentation', 'market-insights-analytics'].map((id) =>
      ledger.may(purposeOf(id), person),
    );
    expect(below).toMatchObject({ allowed: true, nextChangeAt: Date.UTC(2032, 10, 30, 11) });
    expect(above).toMatchObject({ allowed: true, nextChangeAt: contractEnd });
  });
});
