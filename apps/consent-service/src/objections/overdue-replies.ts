import { type Scope } from '@consent/consent-rules';
import { type Transaction } from '@consent/postgres';

/** A reasoned objection without an answer, whose lateness is not noted yet. */
export interface OpenReply {
  objectionId: string;
  scope: Scope;
  purposeId: string;
  /** Epoch ms. */
  replyBy: number;
}

interface Row {
  objection_id: string;
  subject_id: string;
  scope_level: Scope['level'];
  scope_id: string;
  purpose_id: string;
  reply_by: Date;
}

const READ = `
SELECT objection_id, subject_id, scope_level, scope_id, purpose_id, reply_by
  FROM objection WHERE subject_id = ANY ($1::uuid[]) AND closed_at IS NULL AND overdue_at IS NULL`;

/** The replies that subjects still wait for in time, by subject. */
export async function readOpenReplies(
  tx: Transaction,
  subjectIds: readonly string[],
): Promise<Map<string, OpenReply[]>> {
  const { rows } = await tx.query<Row>(READ, [subjectIds], 'read-open-replies');
  const bySubject = new Map<string, OpenReply[]>();
  for (const [subjectId, of] of Map.groupBy(rows, (row) => row.subject_id))
    bySubject.set(
      subjectId,
      of.map((row) => ({
        objectionId: row.objection_id,
        scope: { level: row.scope_level, id: row.scope_id },
        purposeId: row.purpose_id,
        replyBy: row.reply_by.getTime(),
      })),
    );
  return bySubject;
}

/** Marks objections of locked subjects whose legal time to reply has passed: the alarm on receipt + P1M (C02). */
export async function markOverdue(tx: Transaction, objectionIds: readonly string[]): Promise<void> {
  if (objectionIds.length === 0) return;
  await tx.query(
    'UPDATE objection SET overdue_at = reply_by WHERE objection_id = ANY ($1::uuid[])',
    [objectionIds],
    'mark-overdue',
  );
}
