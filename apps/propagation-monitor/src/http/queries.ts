import { type Transaction } from '@consent/postgres';
import { type Direction, type OpenState, type Propagation } from '../gather/propagation.js';
import { epochMs, PROPAGATION_COLUMNS, type PropagationRow, propagationOf } from '../store/propagation-row.js';

type Query = Pick<Transaction, 'query'>;

export async function findDecision(db: Query, decisionId: string): Promise<Propagation | null> {
  const { rows } = await db.query<PropagationRow>(
    `SELECT ${PROPAGATION_COLUMNS} FROM propagation WHERE decision_id = $1`,
    [decisionId],
  );
  return rows[0] ? propagationOf(rows[0]) : null;
}

/** Newest first, from below a version. Decisions of one version, as a restored ledger makes them, are never parted: a page may be longer by them. */
export async function findSubject(
  db: Query,
  subjectId: string,
  before: number | null,
  limit: number,
): Promise<Propagation[]> {
  const { rows } = await db.query<PropagationRow>(
    `SELECT ${PROPAGATION_COLUMNS} FROM propagation
      WHERE subject_id = $1 AND version < coalesce($2::bigint, 9223372036854775807)
      ORDER BY version DESC FETCH FIRST $3 ROWS WITH TIES`,
    [subjectId, before, limit],
  );
  return rows.map(propagationOf);
}

export interface OpenPairRow {
  decisionId: string;
  state: OpenState;
  direction: Direction;
  /** Clock start and deadline, epoch milliseconds. */
  since: number;
  applyBy: number;
}

/** Oldest first, behind the decision `after`, which may have been settled meanwhile. */
export async function findOpenPairs(
  db: Query,
  { systemId, state, after, limit }: { systemId: string; state: OpenState | null; after: string | null; limit: number },
): Promise<OpenPairRow[]> {
  const { rows } = await db.query<{
    decision_id: string;
    state: OpenState;
    direction: Direction;
    clock_start: number;
    apply_by: number;
  }>(
    `SELECT decision_id, state, direction, ${epochMs('clock_start')}, ${epochMs('apply_by')} FROM open_pair
      WHERE system_id = $1 AND ($2::text IS NULL OR state = $2)
        AND ($3::uuid IS NULL OR (clock_start, decision_id) >
             (SELECT clock_start, decision_id FROM propagation WHERE decision_id = $3))
      ORDER BY clock_start, decision_id LIMIT $4`,
    [systemId, state, after, limit],
  );
  return rows.map((row) => ({
    decisionId: row.decision_id,
    state: row.state,
    direction: row.direction,
    since: row.clock_start,
    applyBy: row.apply_by,
  }));
}
