import { type Transaction } from '@consent/postgres';

/** Notes the objections whose reply is late, each once: the alarm on receipt + P1M (C02). Returns their ids. */
export async function noteOverdue(tx: Transaction, now: number): Promise<string[]> {
  const { rows } = await tx.query<{ objection_id: string }>(
    `UPDATE objection SET overdue_at = reply_by
      WHERE closed_at IS NULL AND overdue_at IS NULL AND reply_by <= to_timestamp($1::float8 / 1000)
      RETURNING objection_id`,
    [now],
    'note-overdue',
  );
  return rows.map(({ objection_id }) => objection_id);
}
