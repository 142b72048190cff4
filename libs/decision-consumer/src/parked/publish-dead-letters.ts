import { HEADERS } from '@consent/events';
import { type RecordProducer } from '@consent/kafka';
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

/** Copies parked records to the dead-letter topic. The table is the truth: what is not confirmed is sent again. @returns how many */
export async function publishDeadLetters(
  dataSource: DataSource,
  producer: Pick<RecordProducer, 'send'>,
  topic: string,
  systemId: string,
): Promise<number> {
  const rows = await dataSource.query<Row[]>(
    `SELECT id::text, record_key, record_value, headers, reason, topic, partition, record_offset::text
     FROM parked_decision WHERE published_at IS NULL ORDER BY id LIMIT ${AT_ONCE}`,
  );
  if (rows.length === 0) return 0;
  await producer.send(
    rows.map((row) => ({
      topic,
      key: row.record_key,
      value: row.record_value,
      headers: {
        ...row.headers,
        [HEADERS.deadLetterReason]: row.reason,
        [HEADERS.deadLetterSystem]: systemId,
        [HEADERS.deadLetterTopic]: row.topic,
        [HEADERS.deadLetterPartition]: String(row.partition),
        [HEADERS.deadLetterOffset]: row.record_offset,
      },
    })),
  );
  await dataSource.query('UPDATE parked_decision SET published_at = clock_timestamp() WHERE id = ANY ($1::bigint[])', [
    rows.map(({ id }) => id),
  ]);
  return rows.length;
}
