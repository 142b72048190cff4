import { type SubjectFacts, type SubjectView } from '@consent/consent-rules';
import { type Reader } from '../ledger/read-positions.js';
import { type OwnedScope, SCOPE_COLUMNS } from '../subjects/scopes.js';
import { heldState, type StateRow } from '../subjects/state-row.js';
import { FACT_COLUMNS, type FactsRow, factsOf } from '../subjects/subject-row.js';

export interface KnownSubject {
  version: number;
  facts: SubjectFacts | null;
  view: SubjectView;
}

/** One statement: a snapshot, and a single trip for a door that is asked all the time. */
const READ = `
SELECT subject_id, version, ${FACT_COLUMNS},
       (SELECT json_agg(owned)
          FROM (SELECT ${SCOPE_COLUMNS} FROM scope WHERE scope.subject_id = subject.subject_id
                 ORDER BY claimed_at, scope_id) AS owned) AS scopes,
       (SELECT json_agg(s ORDER BY s.version)
          FROM current_state AS s
         WHERE s.subject_id = subject.subject_id AND ($2::text[] IS NULL OR s.purpose_id = ANY ($2))) AS states
  FROM subject WHERE subject_id = ANY ($1::uuid[])`;

interface Row extends FactsRow {
  subject_id: string;
  version: string;
  scopes: OwnedScope[] | null;
  states: StateRow[] | null;
}

/**
 * Subjects with their states and scopes; absent are those with neither decisions nor facts nor scopes.
 * @param purposes whose states are read; null: all
 */
export async function readSubjects(
  reader: Reader,
  subjectIds: readonly string[],
  purposes: ReadonlySet<string> | null,
): Promise<Map<string, KnownSubject>> {
  const { rows } = await reader.query<Row>(READ, [subjectIds, purposes && [...purposes]], 'read-known-subjects');
  const known = rows.filter(({ version, facts_at, scopes }) => version !== '0' || facts_at !== null || scopes !== null);
  return new Map(known.map((row) => [row.subject_id, knownSubject(row)]));
}

function knownSubject(row: Row): KnownSubject {
  const facts = factsOf(row);
  return {
    version: Number(row.version),
    facts,
    view: {
      subjectId: row.subject_id,
      facts,
      scopes: row.scopes ?? [],
      states: (row.states ?? []).map(heldState),
    },
  };
}
