import { describe, expect, it } from '@jest/globals';
import { type WordEvidence, wordFor } from './words.js';

const limits = { silentAfterMs: 15_000, behindAfterMs: 10_000 };
const fine: WordEvidence = {
  monitorBehind: false,
  addressed: true,
  silentForMs: 400,
  heartbeatsForMs: 300_000,
  oldestUnacknowledgedAgeMs: null,
  heartbeatAgeMs: 900,
  relayAgeMs: 800,
  overdue: 0,
  parked: 0,
  conflicts: 0,
  rejected: 0,
};
const noHeartbeats = { relayAgeMs: null, heartbeatAgeMs: null, heartbeatsForMs: null };

describe('the word for a system', () => {
  it.each<[string, Partial<WordEvidence>, string]>([
    ['answers everything', {}, 'in-step'],
    ['has just been asked', { oldestUnacknowledgedAgeMs: 300 }, 'in-step'],
    ['has never answered though heartbeats flow', { silentForMs: null, heartbeatAgeMs: null }, 'silent'],
    [
      'has not answered yet, the first heartbeat being some seconds old',
      { silentForMs: null, heartbeatAgeMs: null, heartbeatsForMs: 4_000, oldestUnacknowledgedAgeMs: 3_000 },
      'unknown',
    ],
    [
      'has never answered a decision, without heartbeats',
      { ...noHeartbeats, silentForMs: null, oldestUnacknowledgedAgeMs: 16_000 },
      'silent',
    ],
    ['has stopped answering', { silentForMs: 60_000, heartbeatAgeMs: 60_000 }, 'silent'],
    [
      'has stopped answering decisions, without heartbeats',
      { ...noHeartbeats, silentForMs: 60_000, oldestUnacknowledgedAgeMs: 60_000 },
      'silent',
    ],
    ['answers, and leaves one old', { oldestUnacknowledgedAgeMs: 11_000 }, 'behind'],
    ['has something parked', { parked: 1 }, 'behind'],
    ['has something overdue', { overdue: 1 }, 'behind'],
    ['has a conflict', { conflicts: 1 }, 'behind'],
    ['has rejected something', { rejected: 1 }, 'behind'],
    ['answers decisions but no heartbeats of one partition', { heartbeatAgeMs: 20_000 }, 'behind'],
    ['is seen by a monitor that is behind itself', { monitorBehind: true, parked: 3 }, 'unknown'],
    ['was never addressed', { addressed: false, silentForMs: null, ...noHeartbeats }, 'unknown'],
    [
      'owes nothing and has not spoken for long, while the relay is stuck',
      { silentForMs: 60_000, relayAgeMs: 60_000 },
      'unknown',
    ],
    ['owes nothing and never spoke, while the relay is stuck', { silentForMs: null, relayAgeMs: 60_000 }, 'unknown'],
  ])('that %s', (_, change, word) => {
    expect(wordFor({ ...fine, ...change }, limits)).toBe(word);
  });

  it('is never "in-step" for one that has owed an answer longer than the limits, whatever else holds', () => {
    for (const silentForMs of [null, 0, 5_000, 16_000, 1e9])
      for (const relayAgeMs of [null, 0, 1e9])
        for (const heartbeatAgeMs of [null, 0, 1e9])
          expect(
            wordFor({ ...fine, oldestUnacknowledgedAgeMs: 16_000, silentForMs, relayAgeMs, heartbeatAgeMs }, limits),
          ).not.toBe('in-step');
  });
});
