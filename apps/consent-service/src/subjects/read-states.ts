import { type Triple } from '@consent/events';
import { type HeldState } from '@consent/consent-rules';
import { type Reader } from '../ledger/read-positions.js';
import { heldState, type StateRow } from './state-row.js';

const OF_TRIPLES = `
SELECT current_state.*
  FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS t (subject_id, scope_id, purpose_id)
  JOIN current_state USING (subject_id, scope_id, purpose_id)`;

const OF_SUBJECTS = `SELECT * FROM current_state WHERE subject_id = ANY ($1::uuid[]) ORDER BY subject_id, version`;

/** States by subject: of the triples given, and all of the subjects given. */
export async function readStates(
  reader: Reader,
  triples: readonly Triple[],
  wholeSubjects: ReadonlySet<string>,
): Promise<Map<string, HeldState[]>> {
  const rows: StateRow[] = [];
  const single = triples.filter((t) => !wholeSubjects.has(t.subjectId));
  if (single.length > 0) {
    const values = [single.map((t) => t.subjectId), single.map((t) => t.scopeId), single.map((t) => t.purposeId)];
    rows.push(...(await reader.query<StateRow>(OF_TRIPLES, values, 'read-triples')).rows);
  }
  if (wholeSubjects.size > 0)
    rows.push(...(await reader.query<StateRow>(OF_SUBJECTS, [[...wholeSubjects]], 'read-subjects')).rows);
  const states = new Map<string, HeldState[]>();
  for (const row of rows) {
    const held = states.get(row.subject_id);
    if (held) held.push(heldState(row));
    else states.set(row.subject_id, [heldState(row)]);
  }
  return states;
}
