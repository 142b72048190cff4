import { describe, expect, it } from '@jest/globals';
import { BULK, LIVE, type OutboxRow } from './outbox-row.js';
import { ScanFloor } from './scan-floor.js';

const row = (outboxId: number, lane: 0 | 1 = LIVE): OutboxRow => ({
  outboxId,
  lane,
  kind: 'decision',
  subjectId: 's',
  partition: 0,
  traceparent: null,
  headers: null,
  createdAt: 0,
  waitMs: 0,
  readAt: 0,
  ledger: {},
});
const BOTH = [LIVE, BULK] as const;
const read = (floor: ScanFloor, rows: OutboxRow[], inHand: OutboxRow[] = [], lanes: readonly (0 | 1)[] = BOTH): void =>
  floor.observeRead(floor.settled, rows, inHand, lanes);

describe('ScanFloor', () => {
  it('stays at the start while a transaction that ran when the ids were drawn is still open', () => {
    const floor = new ScanFloor();
    read(floor, [row(1), row(2), row(3)]);
    floor.observeSnapshot(100n, 105n);
    floor.observeSnapshot(100n, 900n);
    read(floor, []);
    expect(floor.of(LIVE)).toBe(0);
  });

  it('rises to the ids that had been read once all transactions of that time are over', () => {
    const floor = new ScanFloor();
    read(floor, [row(1), row(2), row(3)]);
    floor.observeSnapshot(100n, 105n);
    floor.observeSnapshot(105n, 110n);
    read(floor, [row(7)]);
    expect(floor.of(LIVE)).toBe(3);
  });

  it('stays below a row that committed late, and below rows that are being sent', () => {
    const floor = new ScanFloor();
    read(floor, [row(5), row(9)]);
    floor.observeSnapshot(100n, 105n);
    floor.observeSnapshot(200n, 201n);
    read(floor, [row(3)], [row(6)]);
    expect(floor.of(LIVE)).toBe(2);
    read(floor, [], [row(6)]);
    expect(floor.of(LIVE)).toBe(5);
    read(floor, []);
    expect(floor.of(LIVE)).toBe(9);
  });

  it('does not count what a read begun before the settling has returned', () => {
    const floor = new ScanFloor();
    read(floor, [row(9)]);
    const before = floor.settled;
    floor.observeSnapshot(100n, 105n);
    floor.observeSnapshot(105n, 106n);
    floor.observeRead(before, [], [], BOTH);
    expect(floor.of(LIVE)).toBe(0);
  });

  it('leaves a lane alone that the read did not look at', () => {
    const floor = new ScanFloor();
    read(floor, [row(4), row(2, BULK)]);
    floor.observeSnapshot(100n, 105n);
    floor.observeSnapshot(105n, 106n);
    read(floor, [], [], [LIVE]);
    expect([floor.of(LIVE), floor.of(BULK)]).toEqual([4, 0]);
    read(floor, [row(2, BULK)]);
    expect([floor.of(LIVE), floor.of(BULK)]).toEqual([4, 1]);
  });
});
