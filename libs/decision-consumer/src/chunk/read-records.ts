import { type ConsentDecision, HEADERS, UndecodableError } from '@consent/events';
import { type ConsumedRecord, headerText, type RecordReader } from '@consent/kafka';
import { type Entry, type Replay } from '../core/arrival.js';
import { replayIdOf } from '../core/passed-on.js';
import { REASONS } from '../core/reasons.js';
import { isId, malformation } from '../core/well-formed.js';

export type DecisionReader = Pick<RecordReader<ConsentDecision>, 'prepare' | 'decodeNow'>;

/**
 * Decodes records. Those that are no decision come back as unreadable, never as an error.
 * @param parkedIds of records that come from the parked table, by record
 * @throws RegistryError UNREACHABLE when a writer schema is new and the registry is away: try again
 */
export async function readRecords(
  records: readonly ConsumedRecord[],
  reader: DecisionReader,
  parkedIds?: ReadonlyMap<ConsumedRecord, string>,
): Promise<Entry[]> {
  await reader.prepare(valuesOf(records));
  return records.map((record) => readRecord(record, reader, parkedIds?.get(record) ?? null));
}

function* valuesOf(records: readonly ConsumedRecord[]): Generator<Buffer | null> {
  for (const { value } of records) yield value;
}

function readRecord(record: ConsumedRecord, reader: DecisionReader, parkedId: string | null): Entry {
  let decision: ConsentDecision;
  try {
    decision = reader.decodeNow(record.value);
  } catch (error) {
    if (error instanceof UndecodableError) return unreadable(record, parkedId, REASONS.undecodable, error.message);
    throw error;
  }
  const wrong = malformation(decision);
  if (wrong !== null) return unreadable(record, parkedId, REASONS.malformed, wrong);
  if (keyOf(record) !== decision.subjectId)
    return unreadable(record, parkedId, REASONS.keyMismatch, 'the record key is not the subject of the decision');
  return { decision, record, replay: replayOf(record), parkedId };
}

const keyOf = ({ key }: ConsumedRecord): string => key?.toString('utf8') ?? '';

function unreadable(record: ConsumedRecord, parkedId: string | null, reason: string, detail: string): Entry {
  const key = keyOf(record);
  return { record, subjectId: isId(key) ? key : null, reason, detail, parkedId };
}

function replayOf(record: ConsumedRecord): Replay | null {
  const id = replayIdOf(record);
  if (id === undefined) return null;
  return {
    id,
    mode: headerText(record, HEADERS.replayMode) === 'repair' ? 'repair' : 'redeliver',
    ledgerHead: headerText(record, HEADERS.ledgerHead) === 'true',
  };
}
