import { type Unchecked } from './ask-ledger.js';
import { type LedgerFindings } from './check-ledger.js';

/** One word for ledger against topic. What was found missing stays so while the check fails; nothing else does. */
export type LedgerWord = 'attested' | 'missing' | 'unrecorded' | 'unchecked';

export interface LedgerStatus {
  word: LedgerWord;
  /** Why the last check could not be made; null when it was. */
  reason: Unchecked | null;
  /** Decisions that the ledger holds, that left the outbox and that the topic never showed; null while never checked. */
  missing: number | null;
  oldestMissingAgeMs: number | null;
  /** Decisions that the topic showed and the ledger does not hold. */
  unrecorded: number | null;
  /** Decisions in the outbox, at the check. */
  waiting: number | null;
  /** The moment up to which the ledger was compared. */
  checkedAt: string | null;
}

/** What the last rounds gave. */
export interface LedgerEvidence {
  findings: LedgerFindings | null;
  /** When the findings were made, by the monitor's clock. */
  foundAt: number;
  failure: Unchecked | null;
}

/** @param everyMs time between two rounds; findings older than three of them are stale */
export function ledgerStatus(
  { findings, foundAt, failure }: LedgerEvidence,
  now: number,
  everyMs: number,
): LedgerStatus {
  const stale = now - foundAt > 3 * everyMs ? 'stale' : null;
  const reason = failure ?? (findings === null ? 'not-yet' : stale);
  return {
    word: wordOf(findings, reason),
    reason,
    missing: findings?.missing ?? null,
    oldestMissingAgeMs: findings?.oldestMissingAt == null ? null : Math.max(0, now - findings.oldestMissingAt),
    unrecorded: findings?.unrecorded ?? null,
    waiting: findings?.waiting ?? null,
    checkedAt: findings && findings.asOf > 0 ? new Date(findings.asOf).toISOString() : null,
  };
}

function wordOf(findings: LedgerFindings | null, reason: Unchecked | null): LedgerWord {
  if (findings && findings.missing > 0) return 'missing';
  if (findings && findings.unrecorded > 0) return 'unrecorded';
  return reason === null ? 'attested' : 'unchecked';
}
