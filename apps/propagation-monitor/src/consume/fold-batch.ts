import { type ConsentDecision, HEADERS, type PropagationAcknowledgement, UndecodableError } from '@consent/events';
import { type ConsumedRecord, headerText, type RecordBatch, type RecordReader } from '@consent/kafka';
import { type Chunk, type DecisionHeaders } from '../gather/chunk.js';

export interface Readers {
  decisions: RecordReader<ConsentDecision>;
  acknowledgements: RecordReader<PropagationAcknowledgement>;
}

/** A record that was passed over: counted and logged, never a reason to stop watching the others. */
export type OnUnusable = (record: ConsumedRecord, why: string) => void;

/** @param systemId the system whose acknowledgements the topic holds; null for decisions */
export function foldBatch(
  chunk: Chunk,
  { records, systemId, now }: { records: RecordBatch['records']; systemId: string | null; now: number },
  readers: Readers,
  onUnusable: OnUnusable,
): void {
  for (const record of records) {
    const why = foldRecord(chunk, record, systemId, now, readers);
    if (why !== null) onUnusable(record, why);
  }
}

/** @returns why the record cannot be used, or null */
function foldRecord(
  chunk: Chunk,
  record: ConsumedRecord,
  systemId: string | null,
  now: number,
  { decisions, acknowledgements }: Readers,
): string | null {
  const { topic, partition, offset, timestamp } = record;
  const place = { topic, partition, offset, timestamp };
  try {
    return systemId === null
      ? chunk.addDecision(decisions.decodeNow(record.value), place, headersOf(record), now)
      : chunk.addAcknowledgement(systemId, acknowledgements.decodeNow(record.value), place, now);
  } catch (error) {
    if (error instanceof UndecodableError) return error.message;
    throw error;
  }
}

/** A year: no outbox keeps a decision for longer. */
const LONGEST_WAIT_MS = 366 * 86_400_000;
const MILLISECONDS = /^\d{1,11}$/;

/** Without the header, or with one that says nothing sensible, the wait counts as none: the lag is then too small by what is unknown, never negative. */
function headersOf(record: ConsumedRecord): DecisionHeaders {
  const text = headerText(record, HEADERS.outboxWaitMs) ?? '';
  const waited = MILLISECONDS.test(text) ? Number(text) : 0;
  return {
    outboxWaitMs: waited <= LONGEST_WAIT_MS ? waited : 0,
    bulk: headerText(record, HEADERS.lane) === 'bulk',
  };
}
