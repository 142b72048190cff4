import { type ScopeFacts, type SubjectFacts, type SubjectView } from '@consent/consent-rules';
import { type Reader } from '../ledger/read-positions.js';
import { heldState, type StateRow } from '../subjects/state-row.js';
import { FACT_COLUMNS, type FactsRow, factsOf } from '../subjects/subject-row.js';

export interface KnownSubject {
  version: number;
  facts: SubjectFacts | null;
  /** Epoch ms; when the facts were registered, null before that. */
  factsAt: number | null;
  view: SubjectView;
}

/** One statement: a snapshot, and a single trip for a door that is asked all the time. */
const READ = `
SELECT version, ${FACT_COLUMNS},
       (SELECT json_agg(json_build_object('level', level, 'id', scope_id, 'brand', scope.brand, 'kind', kind)
                        ORDER BY claimed_at, scope_id)
          FROM scope WHERE scope.subject_id = $1) AS scopes,
       (SELECT json_agg(s ORDER BY s.version)
          FROM current_state AS s WHERE s.subject_id = $1 AND ($2::text[] IS NULL OR s.purpose_id = ANY ($2))) AS states
  FROM subject WHERE subject_id = $1`;

interface Row extends FactsRow {
  version: string;
  scopes: ScopeFacts[] | null;
  states: StateRow[] | null;
}

/**
 * A subject with its states and scopes; null when there are neither decisions nor facts.
 * @param purposes whose states are read; null: all
 */
export async function readSubject(
  reader: Reader,
  subjectId: string,
  purposes: ReadonlySet<string> | null = null,
): Promise<KnownSubject | null> {
  const { rows } = await reader.query<Row>(READ, [subjectId, purposes && [...purposes]], 'read-subject');
  const [row] = rows;
  if (!row || (row.version === '0' && row.facts_at === null)) return null;
  const facts = factsOf(row);
  return {
    version: Number(row.version),
    facts,
    factsAt: row.facts_at?.getTime() ?? null,
    view: { subjectId, facts, scopes: row.scopes ?? [], states: (row.states ?? []).map(heldState) },
  };
}
