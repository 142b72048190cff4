import { type Triple } from '@consent/events';
import { type DataSource } from 'typeorm';

/** What a system really does about one triple, from its business tables. */
export interface EffectiveState extends Triple {
  allowed: boolean;
  version: number;
}

export type EffectiveStateQuery = { triples: readonly Triple[] } | { subjectId: string };

const COLUMNS = `e.subject_id AS "subjectId", e.scope_id AS "scopeId", e.purpose_id AS "purposeId", e.allowed,
  e.version::float8 AS version`;

/** Reads the system's own view `effective_state`; triples it does not know are left out. */
export function effectiveState(dataSource: DataSource, asked: EffectiveStateQuery): Promise<EffectiveState[]> {
  if ('subjectId' in asked)
    return dataSource.query(`SELECT ${COLUMNS} FROM effective_state e WHERE e.subject_id = $1`, [asked.subjectId]);
  return dataSource.query(
    `SELECT ${COLUMNS} FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS t (subject_id, scope_id, purpose_id)
     JOIN effective_state e USING (subject_id, scope_id, purpose_id)`,
    [asked.triples.map((t) => t.subjectId), asked.triples.map((t) => t.scopeId), asked.triples.map((t) => t.purposeId)],
  );
}
