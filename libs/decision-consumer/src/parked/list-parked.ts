import { type DataSource } from 'typeorm';

/** A parked record as operators see it: ids and reasons, no content. */
export interface ParkedReport {
  id: string;
  subjectId: string | null;
  scopeId: string | null;
  purposeId: string | null;
  decisionId: string | null;
  version: number | null;
  reason: string;
  detail: string;
  /** ISO 8601. */
  parkedAt: string;
  topic: string;
  partition: number;
  offset: number;
}

/** Oldest first, from behind the given id. */
export async function listParked(dataSource: DataSource, limit: number, after: string): Promise<ParkedReport[]> {
  const rows = await dataSource.query<(Omit<ParkedReport, 'parkedAt'> & { parkedAt: Date })[]>(
    `SELECT id::text, subject_id AS "subjectId", scope_id AS "scopeId", purpose_id AS "purposeId",
            decision_id AS "decisionId", version::float8 AS version, reason, detail, parked_at AS "parkedAt",
            topic, partition, record_offset::float8 AS "offset"
     FROM parked_decision p WHERE outcome IS NULL AND p.id > $1 ORDER BY p.id LIMIT $2`,
    [after, limit],
  );
  return rows.map((row) => ({ ...row, parkedAt: row.parkedAt.toISOString() }));
}

export async function countParked(dataSource: DataSource): Promise<number> {
  const [row] = await dataSource.query<{ n: number }[]>(
    'SELECT count(*)::int AS n FROM parked_decision WHERE outcome IS NULL',
  );
  return row?.n ?? 0;
}
