import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { until } from '@consent/testing';
import { newSubject } from './spec-outbox.js';
import { specRelay, type SpecRelay, upTo } from './spec-relay.js';

jest.setTimeout(30_000);
let spec: SpecRelay;
beforeAll(async () => {
  spec = await specRelay();
});
afterEach(() => spec.stopRelays());
afterAll(() => spec.close());

const bulkRows = (subjectId: string, n: number) =>
  upTo(n).map((version) => ({ subjectId, version, lane: 1 as const, kind: 'replay' as const }));

describe('the two lanes of the relay', () => {
  it('let live rows pass a long bulk lane, which goes out at its rate', async () => {
    const [bulk, live] = [newSubject(), newSubject()];
    await spec.outbox.insert(spec.outbox.pool, bulkRows(bulk, 1_000));
    const started = performance.now();
    const relay = await spec.start({ RELAY_BULK_PER_SECOND: 400 });
    await until('the first of the bulk', () => spec.versionsOf(bulk).length > 0);
    await spec.outbox.insert(spec.outbox.pool, [{ subjectId: live, version: 1 }]);
    relay.wake();
    await until('the live row', () => spec.versionsOf(live).length >= 1);
    expect(spec.versionsOf(bulk).length).toBeLessThan(1_000);
    await until('all of the bulk', () => spec.versionsOf(bulk).length === 1_000);
    expect(spec.versionsOf(bulk)).toEqual(upTo(1_000));
    // 200 may go at once; the other 800 take two seconds at 400 a second.
    expect(performance.now() - started).toBeGreaterThan(1_900);
  });

  it('let no decision pass an older one of the same subject that waits in the bulk lane', async () => {
    const [others, subject] = [newSubject(), newSubject()];
    await spec.outbox.insert(spec.outbox.pool, bulkRows(others, 600));
    await spec.outbox.insert(
      spec.outbox.pool,
      upTo(3).map((version) => ({ subjectId: subject, version, lane: 1 as const })),
    );
    const relay = await spec.start({ RELAY_BULK_PER_SECOND: 400 });
    await until('the first of the bulk', () => spec.versionsOf(others).length > 0);
    expect(spec.versionsOf(subject)).toEqual([]);
    await spec.outbox.insert(spec.outbox.pool, [{ subjectId: subject, version: 4 }]);
    relay.wake();
    await until('the live row', () => spec.versionsOf(subject).includes(4));
    expect(spec.versionsOf(subject)).toEqual(upTo(4));
    expect(spec.versionsOf(others).length).toBeLessThan(600);
    await until('all of the bulk', () => spec.versionsOf(others).length === 600);
    expect(spec.versionsOf(others)).toEqual(upTo(600));
    expect(spec.versionsOf(subject)).toEqual(upTo(4));
  });

  it('let no bulk row pass an older live one of its subject that the first portion has no room for', async () => {
    const [others, subject] = [newSubject(), newSubject()];
    await spec.outbox.insert(spec.outbox.pool, [
      ...upTo(60).map((version) => ({ subjectId: others, version })),
      { subjectId: subject, version: 1 },
      { subjectId: subject, version: 2, lane: 1 },
    ]);
    await spec.start({ RELAY_PORTION_ROWS: 50, RELAY_HEARTBEAT_MS: 100 });
    await until('all', () => spec.versionsOf(subject).length === 2);
    expect(spec.versionsOf(subject)).toEqual([1, 2]);
  });

  it('lose no bulk row that waits for its rate while the live lane is read on', async () => {
    const bulk = newSubject();
    await spec.outbox.insert(spec.outbox.pool, bulkRows(bulk, 230));
    // A burst of 200 goes at once; most reads while the others wait look at the live lane alone.
    await spec.start({ RELAY_BULK_PER_SECOND: 20, RELAY_HEARTBEAT_MS: 100 });
    await until('all of the bulk', () => spec.versionsOf(bulk).length >= 230);
    expect([...new Set(spec.versionsOf(bulk))]).toEqual(upTo(230));
  });

  it('send no bulk row but those of the first portion while live rows fill every portion', async () => {
    const [bulk, live] = [newSubject(), newSubject()];
    const sent: string[] = [];
    await spec.outbox.insert(spec.outbox.pool, [
      ...bulkRows(bulk, 600),
      ...upTo(1_000).map((version) => ({ subjectId: live, version })),
    ]);
    await spec.start({
      RELAY_PORTION_ROWS: 50,
      RELAY_BULK_PER_SECOND: 100_000,
      producer: spec.producerWith(async (send, records) => {
        await send();
        sent.push(...records.map(({ key }) => String(key)));
      }),
    });
    await until('all', () => sent.filter((key) => key === bulk).length === 600);
    expect(sent.slice(0, sent.lastIndexOf(live)).filter((key) => key === bulk).length).toBeLessThanOrEqual(50);
  });
});
