import { type IHeaders, type KafkaMessage } from 'kafkajs';

/** One record as the broker gave it, undecoded. */
export interface ConsumedRecord {
  topic: string;
  partition: number;
  offset: number;
  /** Epoch milliseconds at which the broker appended it (LogAppendTime). */
  timestamp: number;
  key: Buffer | null;
  value: Buffer | null;
  headers: IHeaders;
}

export const consumedRecord = (topic: string, partition: number, message: KafkaMessage): ConsumedRecord => ({
  topic,
  partition,
  offset: Number(message.offset),
  timestamp: Number(message.timestamp),
  key: message.key,
  value: message.value,
  headers: message.headers ?? {},
});

/** A header as text; the first one where a name occurs more than once. One without a value (null on the wire) is none. */
export function headerText(record: Pick<ConsumedRecord, 'headers'>, name: string): string | undefined {
  const found: unknown = record.headers[name];
  const first: unknown = Array.isArray(found) ? found[0] : found;
  return Buffer.isBuffer(first) ? first.toString() : typeof first === 'string' ? first : undefined;
}
