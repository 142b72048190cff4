import { extensionNoticeBy, replyClocks } from '@consent/consent-rules';
import { type Transaction } from '@consent/postgres';
import { bringForward } from '../clocks/due-subjects.js';
import { lockSubjects } from '../subjects/lock-subjects.js';
import { type ObjectionRow } from './objection-row.js';
import { readObjection } from './read-objections.js';

/** Why an objection is not changed. */
export type ObjectionRefusal =
  | { code: 'objection_unknown'; message: string }
  | { code: 'objection_closed'; message: string; row: ObjectionRow }
  | { code: 'objection_complete'; message: string }
  | { code: 'objection_extended'; message: string }
  | { code: 'moment_out_of_range'; message: string };

/** The objection as it is then, or why it stays as it was. */
export type ObjectionChange = { kind: 'changed'; row: ObjectionRow } | { kind: 'refused'; refusal: ObjectionRefusal };

/** The objection with its subject locked, so that no decision comes between; or why it can no longer be changed. */
export async function lockObjection(tx: Transaction, id: string): Promise<ObjectionRow | ObjectionRefusal> {
  const found = await readObjection(tx, id);
  if (!found) return { code: 'objection_unknown', message: `No reasoned objection has the id ${id}` };
  await lockSubjects(tx, new Set([found.subject_id]));
  const row = (await readObjection(tx, id)) ?? found;
  return row.closed_at === null
    ? row
    : {
        code: 'objection_closed',
        message: `The objection was closed on ${row.closed_at.toISOString()}: ${row.outcome ?? 'unknown'}`,
        row,
      };
}

const isoOf = (time: number): string => new Date(time).toISOString();
const refused = (
  code: Exclude<ObjectionRefusal['code'], 'objection_closed'>,
  message: string,
): Extract<ObjectionChange, { kind: 'refused' }> => ({ kind: 'refused', refusal: { code, message } });

function changed({ rows: [row] }: { rows: ObjectionRow[] }): ObjectionChange {
  if (!row) throw new Error('A locked objection has gone');
  return { kind: 'changed', row };
}

/** All needed information is in: from then on the statement's own clock runs (C02). Said once. */
export async function completeObjection(
  tx: Transaction,
  id: string,
  { completeAt, now }: { completeAt: number; now: number },
): Promise<ObjectionChange> {
  const row = await lockObjection(tx, id);
  if ('code' in row) return { kind: 'refused', refusal: row };
  if (row.complete_at !== null)
    return refused('objection_complete', `All information was in on ${row.complete_at.toISOString()}`);
  const received = row.received_at.getTime();
  if (completeAt < received || completeAt > now)
    return refused(
      'moment_out_of_range',
      `body completeAt: found ${isoOf(completeAt)}; expected a time from the receipt, ${isoOf(received)}, to now`,
    );
  return changed(
    await tx.query<ObjectionRow>(
      'UPDATE objection SET complete_at = to_timestamp($2::float8 / 1000) WHERE objection_id = $1 RETURNING *',
      [id, completeAt],
    ),
  );
}

export interface Extension {
  reason: string;
  /** When the person was told, epoch ms. */
  notifiedAt: number;
  caller: string;
  now: number;
}

/** Two more months, once, of which the person has been told within the first (GDPR art. 12(3)). */
export async function extendObjection(
  tx: Transaction,
  id: string,
  { reason, notifiedAt, caller, now }: Extension,
): Promise<ObjectionChange> {
  const row = await lockObjection(tx, id);
  if ('code' in row) return { kind: 'refused', refusal: row };
  if (row.notified_at !== null)
    return refused('objection_extended', `The person was told of the extension on ${row.notified_at.toISOString()}`);
  const received = row.received_at.getTime();
  const latest = Math.min(extensionNoticeBy(received), now);
  if (notifiedAt < received || notifiedAt > latest)
    return refused(
      'moment_out_of_range',
      `body notifiedAt: found ${isoOf(notifiedAt)}; expected a time from the receipt, ${isoOf(received)}, to ${isoOf(latest)}: within a month, and not in the future`,
    );
  const { replyBy } = replyClocks(received, null, true);
  const extended = await tx.query<ObjectionRow>(
    `UPDATE objection
        SET reply_by = to_timestamp($2::float8 / 1000), extension_reason = $3, extended_by = $4,
            notified_at = to_timestamp($5::float8 / 1000),
            overdue_at = CASE WHEN to_timestamp($2::float8 / 1000) > to_timestamp($6::float8 / 1000) THEN NULL ELSE overdue_at END
      WHERE objection_id = $1 RETURNING *`,
    [id, replyBy, reason, caller, notifiedAt, now],
  );
  await bringForward(tx, new Map([[row.subject_id, replyBy]]));
  return changed(extended);
}
