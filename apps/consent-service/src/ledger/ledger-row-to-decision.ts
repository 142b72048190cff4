import { type ConsentDecision } from '@consent/events';
import { type LedgerEntry } from '@consent/consent-rules';
import { type LedgerRow } from './ledger-row.js';

/** The event of a ledger row. Publication, history and replays all read the ledger through this one function. */
export function ledgerRowToDecision(row: LedgerRow | Record<string, unknown>): ConsentDecision {
  const ledgerRow = row as LedgerRow;
  return { ...ledgerRowToEntry(ledgerRow), committedAt: ledgerRow.committed_at.getTime() };
}

/** What the rules made and the row hash seals: the decision without its moment of commit. */
export function ledgerRowToEntry(row: LedgerRow): LedgerEntry {
  return {
    decisionId: row.decision_id,
    subjectId: row.subject_id,
    version: Number(row.version),
    scope: { level: row.scope_level, id: row.scope_id },
    purposeId: row.purpose_id,
    status: row.status,
    direction: row.direction,
    permission: { allowed: row.allowed, reason: row.reason, nextChangeAt: row.next_change_at?.getTime() ?? null },
    effective: row.effective,
    cause: row.cause,
    bundleId: row.bundle_id,
    notice: noticeOf(row),
    evidence: {
      channel: row.channel,
      actor: row.actor,
      caller: row.caller,
      origin:
        row.origin_system === null || row.origin_event_id === null
          ? null
          : { system: row.origin_system, eventId: row.origin_event_id },
    },
    decidedAt: row.decided_at.getTime(),
    receivedAt: row.received_at.getTime(),
    catalogueVersion: row.catalogue_version,
    brand: row.brand,
    systems: row.systems,
    attributes: row.attributes,
    endedCategories: row.ended_categories,
  };
}

function noticeOf(row: LedgerRow): LedgerEntry['notice'] {
  if (row.notice_id === null) return null;
  return {
    id: row.notice_id,
    version: row.notice_version ?? '',
    language: row.notice_language ?? '',
    contentHash: row.notice_hash ?? '',
  };
}
