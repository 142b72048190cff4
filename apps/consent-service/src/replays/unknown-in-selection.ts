import { type ReplayInput } from '../http/schemas/replay-input.js';
import { type Reader } from '../ledger/read-positions.js';

/** The field of a selection that names what nobody knows, with what was found there. */
export interface UnknownInSelection {
  field: 'subject' | 'purpose';
  found: string;
}

const KNOWN_SUBJECT = 'SELECT FROM subject WHERE subject_id = $1 AND (version > 0 OR facts_at IS NOT NULL)';

/**
 * A subject without decisions and facts, or a purpose that neither the catalogue nor the ledger has: a slip of the pen
 * that would replay nothing. A purpose that has left the catalogue is known by its decisions.
 */
export async function unknownInSelection(
  reader: Reader,
  { subject, purpose }: ReplayInput['select'],
  purposes: ReadonlyMap<string, unknown>,
): Promise<UnknownInSelection | null> {
  const known = async (sql: string, value: string): Promise<boolean> =>
    (await reader.query(sql, [value])).rowCount === 1;
  if (subject !== undefined && !(await known(KNOWN_SUBJECT, subject))) return { field: 'subject', found: subject };
  if (
    purpose !== undefined &&
    !purposes.has(purpose) &&
    !(await known('SELECT FROM ledger WHERE purpose_id = $1 LIMIT 1', purpose))
  )
    return { field: 'purpose', found: purpose };
  return null;
}
