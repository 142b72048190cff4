import { describe, expect, it } from '@jest/globals';
import { BulkAllowance } from './bulk-allowance.js';
import { SetAside } from './set-aside.js';
import { WakeSignal } from './wake-signal.js';

describe('BulkAllowance', () => {
  it('lets a burst go, then its rate, and saves up no more than a burst', () => {
    const bulk = new BulkAllowance(100, 50, 0);
    expect(bulk.available(0)).toBe(50);
    bulk.spend(50);
    expect(bulk.available(0)).toBe(0);
    expect(bulk.available(100)).toBe(10);
    expect(bulk.available(100_000)).toBe(50);
  });

  it('loses no fractions when asked often', () => {
    const bulk = new BulkAllowance(100, 50, 0);
    bulk.spend(50);
    for (let now = 1; now <= 100; now++) bulk.available(now);
    expect(bulk.available(101)).toBe(10);
  });
});

describe('SetAside', () => {
  it('leaves a member alone for its time, twice as long each time it comes back, up to the longest', () => {
    const aside = new SetAside<number>(100, 300);
    aside.add(7, 0);
    expect(aside.current(99)).toEqual([7]);
    expect(aside.current(100)).toEqual([]);
    aside.add(7, 100);
    expect(aside.current(299)).toEqual([7]);
    aside.add(7, 300);
    expect(aside.current(599)).toEqual([7]);
    expect(aside.current(600)).toEqual([]);
  });

  it('begins anew with a member that was well in between', () => {
    const aside = new SetAside<number>(100, 300);
    aside.add(7, 0);
    aside.forget(7);
    aside.add(7, 1_000);
    expect(aside.current(1_100)).toEqual([]);
  });
});

describe('WakeSignal', () => {
  it('ends a sleep at once, also when the wake came before', async () => {
    const signal = new WakeSignal();
    const started = performance.now();
    signal.wake();
    expect(await signal.sleep(10_000)).toBe(true);
    const sleeping = signal.sleep(10_000);
    signal.wake();
    expect(await sleeping).toBe(true);
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  it('sleeps for its time when nobody wakes it, and keeps no wake that ended a sleep', async () => {
    const signal = new WakeSignal();
    const sleeping = signal.sleep(10_000);
    signal.wake();
    signal.wake();
    await sleeping;
    const started = performance.now();
    expect(await signal.sleep(40)).toBe(false);
    expect(performance.now() - started).toBeGreaterThan(30);
  });
});
