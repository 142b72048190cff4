import { type SubjectFacts } from '@consent/consent-rules';
import { partitionOf } from '@consent/kafka';
import { type Transaction } from '@consent/postgres';
import { FACT_COLUMNS, type FactsRow, factsOf } from './subject-row.js';

export interface LockedSubject {
  /** Newest version in the ledger; 0 for a subject without decisions. */
  version: number;
  facts: SubjectFacts | null;
  /** Newest version of the facts; 0 while none are known. */
  factsVersion: number;
}

const PEEK = `
SELECT subject_id, version, facts_version, ${FACT_COLUMNS} FROM subject
 WHERE subject_id = ANY ($1::uuid[]) ORDER BY subject_id`;
const LOCK = `${PEEK} FOR UPDATE`;

const CREATE = `
INSERT INTO subject (subject_id, partition)
SELECT * FROM unnest($1::uuid[], $2::smallint[]) AS s (subject_id, partition)
 WHERE NOT EXISTS (SELECT FROM subject WHERE subject.subject_id = s.subject_id) ORDER BY subject_id
ON CONFLICT DO NOTHING`;

/**
 * Locks subjects until the transaction ends, in the order of their ids, after making the rows of those not known yet. To
 * be called before anything else is written: versions are then committed in their order, and batches do not deadlock.
 * Batches that create the same subjects at once still may: then PostgreSQL ends one with 40P01, which is tried again.
 */
export async function lockSubjects(
  tx: Transaction,
  subjectIds: ReadonlySet<string>,
): Promise<Map<string, LockedSubject>> {
  const ids = [...subjectIds];
  if (ids.length === 0) return new Map();
  const [, { rows }] = await Promise.all([
    tx.query(CREATE, [ids, ids.map((id) => partitionOf(id))], 'create-subjects'),
    tx.query<Row>(LOCK, [ids], 'lock-subjects'),
  ]);
  return new Map(rows.map((row) => [row.subject_id, subjectOf(row)]));
}

/** Known subjects as they are at this moment, without locks: only to look. */
export async function peekSubjects(
  tx: Transaction,
  subjectIds: ReadonlySet<string>,
): Promise<Map<string, LockedSubject>> {
  const { rows } = await tx.query<Row>(PEEK, [[...subjectIds]], 'peek-subjects');
  return new Map(rows.map((row) => [row.subject_id, subjectOf(row)]));
}

type Row = FactsRow & { subject_id: string; version: string; facts_version: number };

const subjectOf = (row: Row): LockedSubject => ({
  version: Number(row.version),
  facts: factsOf(row),
  factsVersion: row.facts_version,
});
