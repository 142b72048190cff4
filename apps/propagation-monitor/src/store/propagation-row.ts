import { type Lane } from '@consent/events';
import { type Direction, type Pair, type Propagation } from '../gather/propagation.js';

/** A row of the table propagation, as PROPAGATION_COLUMNS selects it. */
export interface PropagationRow {
  decision_id: string;
  subject_id: string;
  version: string;
  scope_id: string;
  purpose_id: string;
  status: string | null;
  direction: Direction | null;
  lane: Lane | null;
  committed_at: number | null;
  clock_start: number | null;
  systems: Record<string, Pair>;
  seen_at: number;
}

/** Times in epoch milliseconds: cheaper to read than dates, and what the code counts in. */
export const PROPAGATION_COLUMNS = `decision_id, subject_id, version, scope_id, purpose_id, status, direction, lane,
  systems, ${['committed_at', 'clock_start', 'seen_at'].map(epochMs).join(', ')}`;

export function epochMs(column: string): string {
  return `(extract(epoch FROM ${column}) * 1000)::float8 AS ${column.split('.').pop()}`;
}

export function propagationOf(row: PropagationRow): Propagation {
  const { status, direction, lane, committed_at: committedAt, clock_start: clockStart } = row;
  const read = status !== null && direction !== null && lane !== null && committedAt !== null && clockStart !== null;
  return {
    decisionId: row.decision_id,
    subjectId: row.subject_id,
    version: Number(row.version),
    scopeId: row.scope_id,
    purposeId: row.purpose_id,
    seenAt: row.seen_at,
    facts: read ? { status, direction, lane, committedAt, clockStart } : null,
    systems: row.systems,
  };
}
