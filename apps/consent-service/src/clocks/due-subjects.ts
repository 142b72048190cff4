import { type Transaction } from '@consent/postgres';

/** The subjects that are due, longest first; costs by what is due. */
export const FIND_DUE = `
SELECT subject_id FROM subject
 WHERE due_at <= to_timestamp($1::float8 / 1000) AND subject_id <> ALL ($2::uuid[])
 ORDER BY due_at LIMIT $3`;

/** @param now epoch ms @param except subjects whose clocks failed a moment ago */
export async function findDue(
  tx: Transaction,
  now: number,
  except: readonly string[],
  limit: number,
): Promise<string[]> {
  const { rows } = await tx.query<{ subject_id: string }>(FIND_DUE, [now, except, limit], 'find-due');
  return rows.map(({ subject_id }) => subject_id);
}

/** Since when locked subjects are due, epoch ms; those that another run has done in between are not among them. */
export async function dueSince(
  tx: Transaction,
  subjectIds: readonly string[],
  now: number,
): Promise<Map<string, number>> {
  const { rows } = await tx.query<{ subject_id: string; due_at: Date }>(
    'SELECT subject_id, due_at FROM subject WHERE subject_id = ANY ($1::uuid[]) AND due_at <= to_timestamp($2::float8 / 1000)',
    [subjectIds, now],
    'due-since',
  );
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
