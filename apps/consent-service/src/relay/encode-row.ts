import { type ConsentDecision, HEADERS, type Topics, type WireFormat } from '@consent/events';
import { bytesOf, maxRecordBytes, type OutgoingRecord } from '@consent/kafka';
import { heartbeatDecision } from './heartbeats.js';
import { BULK, type OutboxRow } from './outbox-row.js';

export interface Encoding {
  topics: Topics;
  format: WireFormat<ConsentDecision>;
  /** Schema ids as the registry has them for the two topics. */
  decisionSchemaId: number;
  replaySchemaId: number;
  toDecision: (ledgerRow: Record<string, unknown>) => ConsentDecision;
}

/**
 * The record of an outbox row.
 * @param sendAt performance.now() of this process
 * @throws Error when the row has no ledger entry, does not fit the schema, or is too large for a broker
 */
export function encodeRow(row: OutboxRow, encoding: Encoding, sendAt: number): OutgoingRecord {
  const replay = row.kind === 'replay';
  const record: OutgoingRecord = {
    topic: replay ? encoding.topics.replays : encoding.topics.decisions,
    key: row.subjectId,
    value: encoding.format.encode(
      replay ? encoding.replaySchemaId : encoding.decisionSchemaId,
      row.kind === 'heartbeat' ? heartbeatDecision(row.subjectId, row.createdAt) : decisionOf(row, encoding),
    ),
    headers: headersOf(row, sendAt),
    partition: row.partition,
  };
  if (bytesOf(record) > maxRecordBytes(record.topic))
    throw new Error(
      `Outbox row ${row.outboxId} makes a record of ${bytesOf(record)} bytes, at most ${maxRecordBytes(record.topic)} fit`,
    );
  return record;
}

function headersOf(row: OutboxRow, sendAt: number): Record<string, string> {
  const headers: Record<string, string> = {};
  // Text, whatever JSON made of it: one odd value would fail the whole request.
  for (const [name, value] of Object.entries(row.headers ?? {})) headers[name] = String(value);
  headers[HEADERS.lane] = row.lane === BULK ? 'bulk' : 'live';
  // The wait until the read by the database clock, and from there by a clock that nobody sets.
  headers[HEADERS.outboxWaitMs] = String(Math.max(0, Math.round(row.waitMs + sendAt - row.readAt)));
  if (row.traceparent !== null) headers[HEADERS.traceparent] = row.traceparent;
  return headers;
}

function decisionOf(row: OutboxRow, { toDecision }: Encoding): ConsentDecision {
  if (row.ledger['decision_id'] === null || row.ledger['decision_id'] === undefined)
    throw new Error(`Outbox row ${row.outboxId} (${row.kind}) points to no ledger entry`);
  return toDecision(row.ledger);
}
