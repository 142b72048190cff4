import { type Transaction } from '@consent/postgres';
import { holdBack } from '../store/park.js';

/** What came of asking to set an unreadable record aside. */
export type Discarded =
  | {
      readonly kind: 'discarded';
      /** Parked rows that waited for it, to be released now. */ readonly waiting: string[];
    }
  | { readonly kind: 'not-parked' }
  /** It is a decision: those are released, or superseded by a newer one, never thrown away. */
  | { readonly kind: 'readable' }
  /** The dead-letter topic has no copy yet. */
  | { readonly kind: 'not-published' }
  /** It takes none. */
  | { readonly kind: 'no-copy'; /** In a sentence. */ readonly why: string };

interface Row {
  subject_id: string | null;
  scope_id: string | null;
  published: boolean;
  copy_refused: string | null;
}

const KEEP = `
  INSERT INTO discarded_record (id, subject_id, reason, detail, record_key, record_value, headers, topic, partition, record_offset, parked_at)
  SELECT id, subject_id, reason, detail, record_key, record_value, headers, topic, partition, record_offset, parked_at
  FROM parked_decision WHERE id = $1`;

/**
 * Sets aside bytes that are no decision and never will be. Their copy stays on the dead-letter topic.
 * @param withoutCopy also when that topic takes none: the bytes are then kept in the table discarded_record
 */
export async function discardUnreadable(tx: Transaction, id: string, withoutCopy: boolean): Promise<Discarded> {
  const { rows } = await tx.query<Row>(
    `SELECT subject_id, scope_id, published_at IS NOT NULL AS published, copy_refused
     FROM parked_decision WHERE id = $1 AND outcome IS NULL FOR UPDATE`,
    [id],
  );
  const [row] = rows;
  if (row === undefined) return { kind: 'not-parked' };
  if (row.scope_id !== null) return { kind: 'readable' };
  if (!row.published) {
    if (row.copy_refused === null) return { kind: 'not-published' };
    if (!withoutCopy) return { kind: 'no-copy', why: row.copy_refused };
    await tx.query(KEEP, [id]);
  }
  await tx.query('DELETE FROM parked_decision WHERE id = $1', [id]);
  if (row.subject_id === null) return { kind: 'discarded', waiting: [] };
  await holdBack(tx, [row.subject_id]);
  const waiting = await tx.query<{ id: string }>(
    `SELECT id::text FROM parked_decision WHERE subject_id = $1 AND outcome IS NULL AND reason = 'waits_for_parked'`,
    [row.subject_id],
  );
  return { kind: 'discarded', waiting: waiting.rows.map((waits) => waits.id) };
}
