import { plainArray, type Transaction } from '@consent/postgres';
import { type Held, type ParkedRow } from '../core/held.js';

// Parked rows need no lock of their own: whoever changes them for a triple holds its state, or is alone in this process.
const RESTRAINTS = `
  SELECT subject_id, version::float8 AS version, NULL AS id, NULL::uuid AS scope_id, NULL AS purpose_id,
         NULL::uuid AS decision_id, NULL AS reason
  FROM subject_floor WHERE subject_id = ANY ($1::uuid[])
  UNION ALL
  SELECT subject_id, version::float8, id::text, scope_id, purpose_id, decision_id, reason
  FROM parked_decision WHERE subject_id = ANY ($1::uuid[]) AND outcome IS NULL`;

interface Row {
  subject_id: string;
  version: number | null;
  id: string | null;
  scope_id: string | null;
  purpose_id: string | null;
  decision_id: string | null;
  reason: string | null;
}

/** Erasure floors of the subjects, and what waits of theirs. */
export async function readRestraints(
  tx: Transaction,
  subjects: readonly string[],
): Promise<Pick<Held, 'floors' | 'parked'>> {
  const floors = new Map<string, number>();
  const parked = new Map<string, ParkedRow[]>();
  const { rows } = await tx.query<Row>(RESTRAINTS, [plainArray(subjects)], 'read-restraints');
  for (const row of rows)
    if (row.id === null) floors.set(row.subject_id, row.version ?? 0);
    else {
      const of = parked.get(row.subject_id) ?? [];
      parked.set(row.subject_id, of);
      of.push({
        id: row.id,
        subjectId: row.subject_id,
        scopeId: row.scope_id,
        purposeId: row.purpose_id,
        decisionId: row.decision_id,
        version: row.version,
        reason: row.reason ?? '',
      });
    }
  return { floors, parked };
}
