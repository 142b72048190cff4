import { type ConsentDecision, HEADERS, type PropagationAcknowledgement, UndecodableError } from '@consent/events';
import { type ConsumedRecord, headerText, type RecordBatch, type RecordReader } from '@consent/kafka';
import { type Chunk, type DecisionHeaders } from '../gather/chunk.js';
import { unfitAcknowledgement, unfitDecision } from '../gather/fit-to-store.js';

export interface Readers {
  decisions: RecordReader<ConsentDecision>;
  acknowledgements: RecordReader<PropagationAcknowledgement>;
}

/** A record that was passed over: counted and logged, never a reason to stop watching the others. */
export type OnUnusable = (record: ConsumedRecord, why: string) => void;

/** @param systemId the system whose acknowledgements the topic holds; null for decisions */
export function foldBatch(
  chunk: Chunk,
  records: RecordBatch['records'],
  systemId: string | null,
  readers: Readers,
  onUnusable: OnUnusable,
): void {
  for (const record of records) {
    const why = whyUnusable(() =>
      systemId === null ? foldDecision(chunk, record, readers) : foldAcknowledgement(chunk, record, systemId, readers),
    );
    if (why !== null) onUnusable(record, why);
  }
}

function whyUnusable(fold: () => string | null): string | null {
  try {
    return fold();
  } catch (error) {
    if (error instanceof UndecodableError) return error.message;
    throw error;
  }
}

function foldDecision(chunk: Chunk, record: ConsumedRecord, { decisions }: Readers): string | null {
  const decision = decisions.decodeNow(record.value);
  const unfit = unfitDecision(decision);
  if (unfit === null) chunk.addDecision(decision, record, headersOf(record));
  return unfit;
}

function foldAcknowledgement(
  chunk: Chunk,
  record: ConsumedRecord,
  systemId: string,
  { acknowledgements }: Readers,
): string | null {
  const answer = acknowledgements.decodeNow(record.value);
  const unfit = unfitAcknowledgement(answer, systemId);
  if (unfit === null) chunk.addAcknowledgement(systemId, answer, record);
  return unfit;
}

/** Without the header the wait counts as none: the lag is then too small by what is unknown, never negative. */
function headersOf(record: ConsumedRecord): DecisionHeaders {
  const waited = Number(headerText(record, HEADERS.outboxWaitMs));
  return {
    outboxWaitMs: Number.isFinite(waited) && waited > 0 ? Math.round(waited) : 0,
    bulk: headerText(record, HEADERS.lane) === 'bulk',
  };
}
