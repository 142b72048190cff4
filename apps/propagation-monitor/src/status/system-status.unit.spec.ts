import { describe, expect, it } from '@jest/globals';
import { relayStatus } from './system-status.js';

const NOW = 1_800_000_000_000;
const STUCK_AFTER_MS = 10_000;
const beats = (ageMs: number) => ({
  relay: [
    { partition: 0, at: NOW - 500 },
    { partition: 1, at: NOW - ageMs },
  ],
});
const wordOf = (ageMs: number, decisions = { unread: 0, behind: false }) =>
  relayStatus(beats(ageMs), decisions, NOW, STUCK_AFTER_MS).word;

describe('the word for the relay', () => {
  it('is unknown while the monitor is behind, however old the last heartbeat is that it has read', () => {
    expect(wordOf(190_000, { unread: 5_068, behind: true })).toBe('unknown');
    expect(wordOf(190_000, { unread: 5_068, behind: false })).toBe('unknown');
    expect(wordOf(500, { unread: 0, behind: true })).toBe('unknown');
    expect(relayStatus({ relay: [] }, { unread: 0, behind: false }, NOW, STUCK_AFTER_MS).word).toBe('unknown');
  });

  it('is stuck when all is read and a partition had no heartbeat for long, else running', () => {
    expect(wordOf(11_000)).toBe('stuck');
    expect(wordOf(900)).toBe('running');
    expect(wordOf(900, { unread: 40, behind: false })).toBe('running');
  });
});
