/** One word for a system. Unknown is not fine: it is what is said when the monitor cannot tell. */
export type SystemWord = 'in-step' | 'behind' | 'silent' | 'unknown';

export interface WordEvidence {
  /** The monitor has not read all that was there a while ago, or cannot ask the broker. */
  monitorBehind: boolean;
  /** Decisions or heartbeats for the system have been seen. */
  addressed: boolean;
  /** Since the last answer of any kind; null: never answered. */
  silentForMs: number | null;
  /** Since the first heartbeat that is known of; null: none was seen. What never answered is silent no longer than that. */
  heartbeatsForMs: number | null;
  /** Of the oldest pair not complied with; null when there is none. */
  oldestUnacknowledgedAgeMs: number | null;
  /** Since the newest answered heartbeat of the worst partition was appended; null: none ever answered. */
  heartbeatAgeMs: number | null;
  /** The same on the decisions topic itself: when no heartbeats are sent, none can be answered. */
  relayAgeMs: number | null;
  overdue: number;
  parked: number;
  conflicts: number;
  rejected: number;
}

export interface WordLimits {
  silentAfterMs: number;
  behindAfterMs: number;
}

export function wordFor(evidence: WordEvidence, { silentAfterMs, behindAfterMs }: WordLimits): SystemWord {
  const { silentForMs, oldestUnacknowledgedAgeMs: oldest, heartbeatAgeMs, relayAgeMs } = evidence;
  if (evidence.monitorBehind || !evidence.addressed) return 'unknown';
  const heartbeatsFlow = relayAgeMs !== null && relayAgeMs <= silentAfterMs;
  const owesAnAnswer = (oldest !== null && oldest > silentAfterMs) || heartbeatsFlow;
  const unheardForMs = silentForMs ?? Math.max(oldest ?? 0, evidence.heartbeatsForMs ?? 0);
  if (owesAnAnswer && unheardForMs > silentAfterMs) return 'silent';
  // Never heard, and not asked for long: there is no evidence either way.
  if (silentForMs === null) return 'unknown';
  const troubled = evidence.overdue + evidence.parked + evidence.conflicts + evidence.rejected > 0;
  const late = oldest !== null && oldest > behindAfterMs;
  const beatsLate =
    heartbeatsFlow && (heartbeatAgeMs === null || heartbeatAgeMs > Math.max(behindAfterMs, silentAfterMs));
  if (troubled || late || beatsLate) return 'behind';
  return heartbeatsFlow || oldest !== null || silentForMs <= silentAfterMs ? 'in-step' : 'unknown';
}
