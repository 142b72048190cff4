/** Lanes as stored: live goes before bulk. */
export const LIVE = 0;
export const BULK = 1;

/** A row of the outbox, joined with the ledger entry it publishes (columns of `ledger`; all null for a heartbeat). */
export interface OutboxRow {
  outboxId: number;
  lane: number;
  kind: 'decision' | 'replay' | 'heartbeat';
  subjectId: string;
  partition: number;
  traceparent: string | null;
  headers: Record<string, string> | null;
  /** Epoch milliseconds, database clock. */
  createdAt: number;
  /** Milliseconds between `createdAt` and the read, both by the database clock. */
  waitMs: number;
  /** performance.now() of this process when the row was read. */
  readAt: number;
  ledger: Record<string, unknown>;
}
