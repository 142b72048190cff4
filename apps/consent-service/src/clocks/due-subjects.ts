import { type Transaction } from '@consent/postgres';

/** The subjects that are due, longest first; costs by what is due. */
export const FIND_DUE = `
SELECT subject_id, due_at FROM subject
 WHERE due_at <= to_timestamp($1::float8 / 1000) AND subject_id <> ALL ($2::uuid[])
 ORDER BY due_at LIMIT $3`;
/** Whom another transaction holds is passed over, and does not count for the limit. */
const LOCK_DUE = `${FIND_DUE} FOR UPDATE SKIP LOCKED`;

/** Whose clocks are looked for. */
export interface DueQuestion {
  /** Epoch ms. */
  now: number;
  /** Subjects whose clocks failed a moment ago: passed over. */
  except: readonly string[];
  /** Most subjects. */
  limit: number;
}

/** How many are due, up to the limit; without locks, only to look. */
export async function countDue(tx: Transaction, { now, except, limit }: DueQuestion): Promise<number> {
  return (await tx.query(FIND_DUE, [now, except, limit], 'find-due')).rowCount;
}

/**
 * Locks subjects that are due until the transaction ends, those that have waited longest, and waits for none: one whom another
 * transaction holds stays due for a later round.
 * @returns since when each is due, epoch ms
 */
export async function lockDue(tx: Transaction, { now, except, limit }: DueQuestion): Promise<Map<string, number>> {
  const { rows } = await tx.query<{ subject_id: string; due_at: Date }>(LOCK_DUE, [now, except, limit], 'lock-due');
  return new Map(rows.map((row) => [row.subject_id, row.due_at.getTime()]));
}

const SET = `
UPDATE subject SET due_at = to_timestamp(d.due_at / 1000)
  FROM unnest($1::uuid[], $2::float8[]) AS d (subject_id, due_at)
 WHERE subject.subject_id = d.subject_id`;

/** Sets when locked subjects are next due, once all that was due has been done. */
export async function setNextDue(tx: Transaction, next: ReadonlyMap<string, number | null>): Promise<void> {
  await tx.query(SET, [[...next.keys()], [...next.values()]], 'set-next-due');
}

const BRING_FORWARD = `
UPDATE subject SET due_at = least(subject.due_at, to_timestamp(d.due_at / 1000))
  FROM unnest($1::uuid[], $2::float8[]) AS d (subject_id, due_at)
 WHERE subject.subject_id = d.subject_id`;

/** Has the clocks of locked subjects looked at by these moments (epoch ms) at the latest. */
export async function bringForward(tx: Transaction, moments: ReadonlyMap<string, number>): Promise<void> {
  if (moments.size === 0) return;
  await tx.query(BRING_FORWARD, [[...moments.keys()], [...moments.values()]], 'bring-forward');
}
