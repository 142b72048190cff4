import { type TopicProgress } from '../consume/read-progress.js';
import { percentiles, type Percentiles } from './lag-buckets.js';
import { type Figures, RATE_SPAN_MS, type SystemFigures } from './read-status.js';
import { type SystemWord, wordFor, type WordLimits } from './words.js';

/** How one system stands. Counts are pairs where nothing else is said, times ISO 8601, ages and lags milliseconds. */
export interface SystemStatus {
  systemId: string;
  word: SystemWord;
  applied: number;
  superseded: number;
  /** How often a pair that counted as applied, or as superseded, was taken back: its system said later that it does not comply. */
  takenBack: { applied: number; superseded: number };
  /**
   * Live decisions accepted before it are counted, later ones perhaps not yet; by the clock of the ledger's database. Those
   * of the bulk lane are counted once they are published. Null: not known, as heartbeats are missing.
   */
  countedUntil: string | null;
  /** Read and not answered; those past their deadline are counted in overdue, too, with what else is not complied with. */
  pending: number;
  overdue: number;
  /** Records that wait to be released: parked pairs, or more where the system counts more. Unreadable records are no pair. */
  parked: number;
  parkedPairs: number;
  conflicts: number;
  rejected: number;
  oldestUnacknowledgedAgeMs: number | null;
  lag: { closing: Percentiles; opening: Percentiles };
  appliedPerSecond: number;
  lastAnswerAt: string | null;
  lastEffect: { effect: string; count: number; at: string } | null;
  heartbeat: { lastAt: string | null; ageMs: number | null; lost: number };
  /** Acknowledgements that the monitor has not read yet. */
  unread: number;
}

export interface RelayStatus {
  lastHeartbeatAt: string | null;
  /** Of the partition whose newest heartbeat is oldest; null when there never was one. */
  ageMs: number | null;
  /** unknown: no heartbeat was seen, or newer ones may wait to be read: then their age says nothing of the relay. */
  word: 'running' | 'stuck' | 'unknown';
  /** The word is stuck. */
  stuck: boolean;
}

export interface ReadingOf {
  decisions: TopicProgress;
  acknowledgements: (system: string) => TopicProgress;
}

export const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());
const age = (at: number | null, now: number): number | null => (at === null ? null : Math.max(0, now - at));

export function systemStatus(
  systemId: string,
  figures: SystemFigures,
  context: {
    now: number;
    reading: ReadingOf;
    relay: RelayStatus;
    limits: WordLimits;
    firstHeartbeatAt: number | null;
    countedUntil: number | null;
  },
): SystemStatus {
  const { now, reading, relay, limits } = context;
  const { open, settled, takenBack, heartbeat, lastEffect } = figures;
  const own = reading.acknowledgements(systemId);
  const oldestUnacknowledgedAgeMs = age(figures.oldestOpenAt, now);
  const heartbeatAgeMs = age(heartbeat.oldestAt, now);
  // A pair may have been released since the system last told, and one parked: the higher count is never too good.
  const parked = Math.max(open.parked, figures.parkedRecords);
  const appliedEver = settled.applied + settled.no_effect;
  const appliedTakenBack = takenBack.applied + takenBack.no_effect;
  return {
    systemId,
    word: wordFor(
      {
        monitorBehind: reading.decisions.behind || own.behind,
        addressed: figures.oldestOpenAt !== null || appliedEver + settled.superseded > 0 || relay.ageMs !== null,
        silentForMs: age(figures.lastAnswerAt, now),
        heartbeatsForMs: age(context.firstHeartbeatAt, now),
        oldestUnacknowledgedAgeMs,
        heartbeatAgeMs,
        relayAgeMs: relay.ageMs,
        overdue: figures.overdue,
        parked,
        conflicts: open.conflict,
        rejected: open.rejected,
      },
      limits,
    ),
    applied: appliedEver - appliedTakenBack,
    superseded: settled.superseded - takenBack.superseded,
    takenBack: { applied: appliedTakenBack, superseded: takenBack.superseded },
    countedUntil: iso(context.countedUntil),
    pending: open.pending,
    overdue: figures.overdue,
    parked,
    parkedPairs: open.parked,
    conflicts: open.conflict,
    rejected: open.rejected,
    oldestUnacknowledgedAgeMs,
    lag: { closing: percentiles(figures.lag.closing), opening: percentiles(figures.lag.opening) },
    appliedPerSecond: Math.round((figures.settledLately * 10_000) / RATE_SPAN_MS) / 10,
    lastAnswerAt: iso(figures.lastAnswerAt),
    lastEffect: lastEffect && { ...lastEffect, at: new Date(lastEffect.at).toISOString() },
    heartbeat: { lastAt: iso(heartbeat.newestAt), ageMs: heartbeatAgeMs, lost: heartbeat.lost },
    unread: own.unread,
  };
}

/** @param decisions how far the monitor has read the topic that the relay writes to */
export function relayStatus(
  { relay }: Pick<Figures, 'relay'>,
  decisions: TopicProgress,
  now: number,
  stuckAfterMs: number,
): RelayStatus {
  if (relay.length === 0) return { lastHeartbeatAt: null, ageMs: null, word: 'unknown', stuck: false };
  const ageMs = Math.max(0, now - Math.min(...relay.map(({ at }) => at)));
  const isLate = ageMs > stuckAfterMs;
  const isUnread = decisions.behind || (isLate && decisions.unread > 0);
  const word = isUnread ? 'unknown' : isLate ? 'stuck' : 'running';
  return { lastHeartbeatAt: iso(Math.max(...relay.map(({ at }) => at))), ageMs, word, stuck: word === 'stuck' };
}
