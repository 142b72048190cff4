import { replyClocks } from '@consent/consent-rules';
import { type ObjectionRow } from '../../objections/objection-row.js';
import { iso } from './decision-answer.js';

const isoOrNull = (time: Date | null): string | null => time && time.toISOString();

export type ObjectionAnswer = ReturnType<typeof objectionAnswer>;

/** A reasoned objection with its two clocks. */
export function objectionAnswer(row: ObjectionRow, now: number) {
  const { promisedBy } = replyClocks(
    row.received_at.getTime(),
    row.complete_at?.getTime() ?? null,
    row.notified_at !== null,
  );
  return {
    objectionId: row.objection_id,
    subjectId: row.subject_id,
    scope: { level: row.scope_level, id: row.scope_id },
    purposeId: row.purpose_id,
    recordedBy: row.recorded_by,
    receivedAt: row.received_at.toISOString(),
    completeAt: isoOrNull(row.complete_at),
    replyBy: row.reply_by.toISOString(),
    promisedBy: promisedBy === null ? null : iso(promisedBy),
    overdue: (row.closed_at?.getTime() ?? now) > row.reply_by.getTime(),
    extension: row.extension_reason && {
      reason: row.extension_reason,
      notifiedAt: isoOrNull(row.notified_at),
      extendedBy: row.extended_by,
    },
    closed: row.closed_at && {
      at: row.closed_at.toISOString(),
      outcome: row.outcome,
      decisionId: row.outcome_id,
      by: row.closed_by,
      ground: row.ground,
    },
  };
}
