import { PARTITIONS } from '@consent/events';
import { describe, expect, it } from '@jest/globals';
import { CatchUp } from './catch-up.js';

describe('catching up', () => {
  it('reads all partitions while little is unread', () => {
    const catchUp = new CatchUp();
    catchUp.taken('decisions', 0, 14_000);
    expect(catchUp.next()).toBeNull();
    expect(catchUp.catchingUp).toBe(false);
  });

  it('takes a few partitions at a time, and leaves none out, while much is unread', () => {
    const catchUp = new CatchUp();
    for (let partition = 0; partition < PARTITIONS; partition++) catchUp.taken('decisions', partition, 10_000);
    const seen = new Set<number>();
    for (let round = 0; round < PARTITIONS; round++) {
      const chosen = catchUp.next() ?? new Set();
      expect(chosen.size).toBeLessThanOrEqual(3);
      for (const partition of chosen) seen.add(partition);
    }
    expect(seen.size).toBe(PARTITIONS);
  });

  it('never waits for partitions that have nothing to read', () => {
    const catchUp = new CatchUp();
    catchUp.taken('decisions', 0, 0);
    catchUp.taken('acknowledgements', 7, 20_000);
    for (let round = 0; round < 3; round++) expect([...(catchUp.next() ?? [])]).toEqual([7]);
  });

  it('reads all again once little is left', () => {
    const catchUp = new CatchUp();
    catchUp.taken('decisions', 0, 100_000);
    catchUp.next();
    catchUp.taken('decisions', 0, 10);
    expect(catchUp.next()?.size).toBe(PARTITIONS);
    expect(catchUp.next()).toBeNull();
  });
});
