import { type Triple } from '@consent/events';
import { type DataSource } from 'typeorm';

/** What a system really does about one triple, from its business tables. */
export interface EffectiveState extends Triple {
  allowed: boolean;
  /** Zero where nothing has been applied yet and something is parked. */
  version: number;
  /** Something of it is parked, or the whole subject waits: it is treated as closed until that is released. */
  heldBack: boolean;
}

export type EffectiveStateQuery = { triples: readonly Triple[] } | { subjectId: string };

const OF_SUBJECT = `
  SELECT subject_id AS "subjectId", scope_id AS "scopeId", purpose_id AS "purposeId", allowed, version::float8 AS version,
    held_back AS "heldBack"
  FROM effective_state WHERE subject_id = $1
  UNION ALL
  SELECT DISTINCT subject_id, scope_id, purpose_id, false, 0::float8, true
  FROM parked_triple WHERE subject_id = $1 AND scope_id IS NOT NULL AND (scope_id, purpose_id) NOT IN (
    SELECT scope_id, purpose_id FROM effective_state WHERE subject_id = $1
  )`;

const OF_TRIPLES = `
  SELECT subject_id AS "subjectId", scope_id AS "scopeId", purpose_id AS "purposeId", coalesce(state.allowed, false) AS allowed,
    coalesce(state.version, 0)::float8 AS version, coalesce(state.held_back, true) AS "heldBack"
  FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS asked (subject_id, scope_id, purpose_id)
  LEFT JOIN effective_state AS state USING (subject_id, scope_id, purpose_id)
  WHERE state.version IS NOT NULL OR EXISTS (
    SELECT FROM parked_triple AS parked
    WHERE parked.subject_id = asked.subject_id
      AND (parked.scope_id IS NULL OR (parked.scope_id, parked.purpose_id) = (asked.scope_id, asked.purpose_id))
  )`;

/**
 * Reads the system's own view `effective_state`, and what is parked of triples that it does not have yet. What neither
 * knows is left out.
 */
export function effectiveState(dataSource: DataSource, asked: EffectiveStateQuery): Promise<EffectiveState[]> {
  if ('subjectId' in asked) return dataSource.query(OF_SUBJECT, [asked.subjectId]);
  return dataSource.query(OF_TRIPLES, [
    asked.triples.map((t) => t.subjectId),
    asked.triples.map((t) => t.scopeId),
    asked.triples.map((t) => t.purposeId),
  ]);
}
