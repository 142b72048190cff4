import { type SubjectFacts, type SubjectView } from '@consent/consent-rules';
import { type Reader } from '../ledger/read-positions.js';
import { FACT_COLUMNS, type FactsRow, factsOf } from '../subjects/subject-row.js';
import { readView } from '../subjects/read-view.js';

export interface KnownSubject {
  version: number;
  facts: SubjectFacts | null;
  /** Epoch ms; when the facts were registered, null before that. */
  factsAt: number | null;
  view: SubjectView;
}

/** A subject with its states and scopes; null when there are neither decisions nor facts. */
export async function readSubject(reader: Reader, subjectId: string): Promise<KnownSubject | null> {
  const { rows } = await reader.query<FactsRow & { version: string }>(
    `SELECT version, ${FACT_COLUMNS} FROM subject WHERE subject_id = $1`,
    [subjectId],
  );
  const [row] = rows;
  if (!row || (row.version === '0' && row.facts_at === null)) return null;
  const facts = factsOf(row);
  return {
    version: Number(row.version),
    facts,
    factsAt: row.facts_at?.getTime() ?? null,
    view: await readView(reader, subjectId, facts),
  };
}
