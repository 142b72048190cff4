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

const lane = (number: 0 | 1, floor: string, limit: string): string => `
  (SELECT * FROM outbox
    WHERE lane = ${number} AND id > ${floor}
      AND id <> ALL ($1::bigint[]) AND id <> ALL ($2::bigint[])
      AND partition <> ALL ($7::smallint[]) AND subject_id <> ALL ($8::uuid[])
    ORDER BY id LIMIT ${limit})`;

/** Unpublished rows, never "ids above the last seen": a transaction that commits late is found whenever it commits. */
const TAKE = `
WITH gone AS (DELETE FROM outbox WHERE id = ANY ($1::bigint[])),
waiting AS (${lane(0, '$3', '$5')} UNION ALL ${lane(1, '$4', '$6')})
SELECT waiting.id AS outbox_id, waiting.lane AS outbox_lane, waiting.kind AS outbox_kind,
       waiting.subject_id AS outbox_subject_id, waiting.partition AS outbox_partition,
       waiting.traceparent AS outbox_traceparent, waiting.headers AS outbox_headers,
       extract(epoch FROM waiting.created_at)::float8 * 1000 AS outbox_created_at,
       extract(epoch FROM clock_timestamp() - waiting.created_at)::float8 * 1000 AS outbox_wait_ms,
       ledger.*
  FROM waiting LEFT JOIN ledger ON ledger.position = waiting.position
 ORDER BY waiting.lane, waiting.id`;

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

/** Deletes what is confirmed and reads what comes next, live before bulk, each lane in the order of its ids. */
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
