import { type FactSource, type ScopeFacts, type SubjectFacts } from '@consent/consent-rules';
import { type Reader } from '../ledger/read-positions.js';

/** One version of a subject's facts as registered. */
export interface RegisteredFacts {
  factsVersion: number;
  recordedAt: number;
  caller: string;
  channel: FactSource['channel'];
  facts: SubjectFacts;
  scopes: ScopeFacts[];
  firstVersion: number;
  lastVersion: number;
}

interface Row {
  facts_version: number;
  recorded_at: Date;
  caller: string;
  channel: string | null;
  brand: string | null;
  roles: SubjectFacts['roles'];
  minor: boolean | null;
  contract_start: Date | null;
  contract_end: Date | null;
  scopes: ScopeFacts[];
  first_version: string;
  last_version: string;
}

/** Versions of the facts above `after`, oldest first. */
export async function readFactsHistory(
  reader: Reader,
  subjectId: string,
  after: number,
  limit: number,
): Promise<RegisteredFacts[]> {
  const { rows } = await reader.query<Row>(
    'SELECT * FROM facts_version WHERE subject_id = $1 AND facts_version > $2 ORDER BY facts_version LIMIT $3',
    [subjectId, after, limit],
  );
  return rows.map((row) => ({
    factsVersion: row.facts_version,
    recordedAt: row.recorded_at.getTime(),
    caller: row.caller,
    channel: row.channel,
    facts: {
      brand: row.brand,
      roles: row.roles,
      minor: row.minor,
      contractStart: row.contract_start?.getTime() ?? null,
      contractEnd: row.contract_end?.getTime() ?? null,
    },
    scopes: row.scopes,
    firstVersion: Number(row.first_version),
    lastVersion: Number(row.last_version),
  }));
}
