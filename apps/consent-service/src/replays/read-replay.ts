import { type Reader } from '../ledger/read-positions.js';

export interface ReplayState {
  replayId: string;
  system: string;
  mode: string;
  select: unknown;
  caller: string;
  /** running: items are moved to the outbox. enqueued: all wait there. done: the broker has them all. */
  state: 'running' | 'enqueued' | 'done';
  planned: number;
  subjects: number;
  perPurpose: Record<string, number>;
  enqueued: number;
  createdAt: string;
  enqueuedAt: string | null;
  doneAt: string | null;
}

type Row = Omit<ReplayState, 'createdAt' | 'enqueuedAt' | 'doneAt'> & {
  createdAt: Date;
  enqueuedAt: Date | null;
  doneAt: Date | null;
};

/** Where a replay is; null when there is none with the id. */
export async function readReplay(reader: Reader, replayId: string): Promise<ReplayState | null> {
  const { rows } = await reader.query<Row>(
    `SELECT replay_id AS "replayId", system_id AS system, mode, selection AS "select", caller, state, planned, subjects,
            per_purpose AS "perPurpose", enqueued, created_at AS "createdAt", enqueued_at AS "enqueuedAt",
            done_at AS "doneAt"
       FROM replay_run WHERE replay_id = $1`,
    [replayId],
  );
  const [row] = rows;
  return row
    ? {
        ...row,
        createdAt: row.createdAt.toISOString(),
        enqueuedAt: row.enqueuedAt?.toISOString() ?? null,
        doneAt: row.doneAt?.toISOString() ?? null,
      }
    : null;
}
