import { describe, expect, it } from '@jest/globals';
import { duration, propagationTable } from './propagation-table.ts';
import { type SystemStatus } from './systems-answer.ts';

const none = { p50: null, p95: null, p99: null };
const system: SystemStatus = {
  systemId: 'group-sharing',
  ...{ applied: 12_000, pending: 3, overdue: 1, parked: 2, superseded: 345, conflicts: 0 },
  oldestUnacknowledgedAgeMs: 4_200,
  lag: { closing: { p50: 18, p95: 40, p99: 1_500 }, opening: none },
  lastEffect: { effect: 'contacts removed from the shared list', count: 2, at: '2026-01-01T00:00:00Z' },
  word: 'behind',
};

describe('propagationTable', () => {
  it('shows a system in business words, with counts, ages and lag in units that fit', () => {
    const row = propagationTable([system], new Map())
      .split('\n')
      .find((line) => line.includes('group-sharing'));
    expect(row?.split('│').map((cell) => cell.trim())).toEqual([
      '',
      ...['group-sharing', 'behind', '12,345', '3', '1', '2', '4.2 s', '18 ms / 1.5 s'],
      'contacts removed from the shared list: 2',
      '',
    ]);
  });

  it('says of a process that ended that it ended, whatever the monitor still believes', () => {
    expect(propagationTable([system], new Map([['group-sharing', 'ended']]))).toMatch(/group-sharing\s+│ ended/);
  });

  it('says up to which moment it counts, and that this is not known where it is not', () => {
    const counted = { ...system, countedUntil: '2026-01-01T12:00:01.250Z' };
    expect(propagationTable([counted], new Map())).toContain(
      'Counted is what was accepted up to 12:00:01 UTC; later decisions are not in the table yet.',
    );
    for (const some of [[counted, { ...system, countedUntil: null }], [system], []])
      expect(propagationTable(some, new Map())).toContain('It is not known up to when decisions are counted');
  });

  it('shows a dash for what is unknown, never a zero', () => {
    expect(duration(null)).toBe('–');
    expect(duration(0)).toBe('0 ms');
    expect(
      propagationTable([{ ...system, lag: { closing: none, opening: none }, lastEffect: null }], new Map()),
    ).toContain('– / –');
  });
});
