import { HEADERS } from '@consent/events';
import { isTooLarge, type OutgoingRecord, type RecordProducer } from '@consent/kafka';
import { type DataSource } from 'typeorm';

const AT_ONCE = 200;

interface Row {
  id: string;
  record_key: Buffer | null;
  record_value: Buffer | null;
  headers: Record<string, string>;
  reason: string;
  topic: string;
  partition: number;
  record_offset: string;
}

export interface PublishDeadLetters {
  readonly dataSource: DataSource;
  readonly producer: Pick<RecordProducer, 'send'>;
  readonly deadLetters: string;
  readonly systemId: string;
  /** The topic takes no copy of a record, and will not: said once. */
  readonly onRefused: (parkedId: string, error: unknown) => void;
}

/**
 * Copies parked records to the dead-letter topic. The table is the truth: what is not confirmed is sent again, and what is
 * larger than the topic takes is marked, so that it keeps no other from being copied.
 * @returns how many were copied or marked
 */
export async function publishDeadLetters(settings: PublishDeadLetters): Promise<number> {
  const rows = await settings.dataSource.query<Row[]>(
    `SELECT id::text, record_key, record_value, headers, reason, topic, partition, record_offset::text
     FROM parked_decision p WHERE published_at IS NULL AND copy_refused IS NULL ORDER BY p.id LIMIT ${AT_ONCE}`,
  );
  if (rows.length > 0) await publish(rows, settings);
  return rows.length;
}

/** Together; when one of them is too large, each half by itself. @throws what has nothing to do with a record */
async function publish(rows: readonly Row[], settings: PublishDeadLetters): Promise<void> {
  const { producer, dataSource, onRefused } = settings;
  try {
    await producer.send(rows.map((row) => deadLetter(row, settings)));
  } catch (error) {
    if (!isTooLarge(error)) throw error;
    const [only] = rows;
    if (only === undefined) return;
    if (rows.length > 1) {
      const middle = rows.length >> 1;
      await publish(rows.slice(0, middle), settings);
      return publish(rows.slice(middle), settings);
    }
    await dataSource.query('UPDATE parked_decision SET copy_refused = $2 WHERE id = $1', [only.id, messageOf(error)]);
    return onRefused(only.id, error);
  }
  await dataSource.query('UPDATE parked_decision SET published_at = clock_timestamp() WHERE id = ANY ($1::bigint[])', [
    rows.map(({ id }) => id),
  ]);
}

/** A new process tries once more what an earlier one was refused: the topic may take more by now. */
export async function tryRefusedAgain(dataSource: DataSource): Promise<void> {
  await dataSource.query('UPDATE parked_decision SET copy_refused = NULL WHERE copy_refused IS NOT NULL');
}

const deadLetter = (row: Row, { deadLetters, systemId }: PublishDeadLetters): OutgoingRecord => ({
  topic: deadLetters,
  key: row.record_key,
  value: row.record_value,
  headers: {
    // As bytes: what they count for is their length on the wire.
    ...Object.fromEntries(Object.entries(row.headers).map(([name, text]) => [name, Buffer.from(text)])),
    [HEADERS.deadLetterReason]: row.reason,
    [HEADERS.deadLetterSystem]: systemId,
    [HEADERS.deadLetterTopic]: row.topic,
    [HEADERS.deadLetterPartition]: String(row.partition),
    [HEADERS.deadLetterOffset]: row.record_offset,
  },
});

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
