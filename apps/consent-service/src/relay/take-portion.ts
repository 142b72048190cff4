import { type LeaderSession } from './leader-session.js';
import { type OutboxRow } from './outbox-row.js';

export interface PortionRequest {
  /** Ids the broker has confirmed: deleted by this statement. */
  confirmed: readonly number[];
  /** Ids being sent at this moment: left alone. */
  inFlight: readonly number[];
  liveFloor: number;
  bulkFloor: number;
  liveLimit: number;
  bulkLimit: number;
  /** Partitions that take nothing at present. */
  blockedPartitions: readonly number[];
  /** Subjects with a row that cannot be encoded: what comes after it must not pass it. */
  stuckSubjects: readonly string[];
}

const rowsOf = (number: 0 | 1, floor: string): string => `
  SELECT * FROM outbox
   WHERE lane = ${number} AND id > ${floor}
     AND id <> ALL ($1::bigint[]) AND id <> ALL ($2::bigint[])
     AND partition <> ALL ($7::smallint[]) AND subject_id <> ALL ($8::uuid[])`;

/**
 * Unpublished rows, never "ids above the last seen": a transaction that commits late is found whenever it commits. With a
 * live row go all decisions of its subject that the bulk lane still has: a closing that arrives behind the next opening
 * would have no effect. For the same reason a bulk row waits for the live ones before it that the portion has no room for.
 */
const TAKE = `
WITH gone AS (DELETE FROM outbox WHERE id = ANY ($1::bigint[])),
live AS (${rowsOf(0, '$3')} ORDER BY id LIMIT $5),
overtaken AS (${rowsOf(1, '$4')} AND kind = 'decision' AND subject_id IN (SELECT subject_id FROM live)
                AND id < (SELECT max(id) FROM live)),
bulk AS (${rowsOf(1, '$4')} AND ((SELECT count(*) FROM live) < $5 OR id < (SELECT max(id) FROM live))
          ORDER BY id LIMIT $6),
waiting AS (
  SELECT *, 0 AS turn FROM live UNION ALL SELECT *, 0 FROM overtaken
  UNION ALL SELECT *, 1 FROM bulk WHERE id NOT IN (SELECT id FROM overtaken))
SELECT waiting.id AS outbox_id, waiting.lane AS outbox_lane, waiting.kind AS outbox_kind,
       waiting.subject_id AS outbox_subject_id, waiting.partition AS outbox_partition,
       waiting.traceparent AS outbox_traceparent, waiting.headers AS outbox_headers,
       extract(epoch FROM waiting.created_at)::float8 * 1000 AS outbox_created_at,
       extract(epoch FROM clock_timestamp() - waiting.created_at)::float8 * 1000 AS outbox_wait_ms,
       ledger.*
  FROM waiting LEFT JOIN ledger ON ledger.position = waiting.position
 ORDER BY waiting.turn, waiting.id`;

interface TakenRow {
  outbox_id: string;
  outbox_lane: number;
  outbox_kind: OutboxRow['kind'];
  outbox_subject_id: string;
  outbox_partition: number;
  outbox_traceparent: string | null;
  outbox_headers: Record<string, string> | null;
  outbox_created_at: number;
  outbox_wait_ms: number;
}

/**
 * Deletes what is confirmed and reads what comes next, live before bulk, each in the order of their ids; what a live row
 * would overtake of its own subject comes with the live ones, and is of the bulk lane all the same.
 */
export async function takePortion(session: LeaderSession, request: PortionRequest): Promise<OutboxRow[]> {
  const { rows } = await session.query<TakenRow & Record<string, unknown>>(
    TAKE,
    [
      request.confirmed,
      request.inFlight,
      request.liveFloor,
      request.bulkFloor,
      request.liveLimit,
      request.bulkLimit,
      request.blockedPartitions,
      request.stuckSubjects,
    ],
    'take-portion',
  );
  const readAt = performance.now();
  return rows.map((row) => ({
    outboxId: Number(row.outbox_id),
    lane: row.outbox_lane,
    kind: row.outbox_kind,
    subjectId: row.outbox_subject_id,
    partition: row.outbox_partition,
    traceparent: row.outbox_traceparent,
    headers: row.outbox_headers,
    createdAt: Math.round(row.outbox_created_at),
    waitMs: row.outbox_wait_ms,
    readAt,
    ledger: row,
  }));
}
