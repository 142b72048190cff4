import { type OutgoingRecord, type RecordProducer } from '@consent/kafka';
import { type OutboxRow } from './outbox-row.js';

export interface EncodedRow {
  row: OutboxRow;
  record: OutgoingRecord;
}

export interface PortionOutcome {
  confirmed: OutboxRow[];
  /** Partitions that took nothing while others did. */
  failedPartitions: number[];
  /** No partition takes anything: the broker is away. */
  outage: boolean;
  error: unknown;
}

/** Failures in a row, with no success before, after which the broker counts as away. */
const OUTAGE_AFTER = 2;

/**
 * Sends a portion as one request. When that fails, partition by partition: one that is broken then holds back its own
 * rows and no others. What is not confirmed stays in the outbox, so nothing of a subject passes it.
 */
export async function publishPortion(
  producer: RecordProducer,
  portion: readonly EncodedRow[],
): Promise<PortionOutcome> {
  try {
    await producer.send(portion.map(({ record }) => record));
    return { confirmed: portion.map(({ row }) => row), failedPartitions: [], outage: false, error: null };
  } catch (error) {
    return sendApart(producer, portion, error);
  }
}

async function sendApart(
  producer: RecordProducer,
  portion: readonly EncodedRow[],
  firstError: unknown,
): Promise<PortionOutcome> {
  const outcome: PortionOutcome = { confirmed: [], failedPartitions: [], outage: false, error: firstError };
  const byPartition = Map.groupBy(portion, ({ row }) => row.partition);
  if (byPartition.size === 1) return { ...outcome, outage: true };
  for (const [partition, rows] of byPartition) {
    try {
      await producer.send(rows.map(({ record }) => record));
      for (const { row } of rows) outcome.confirmed.push(row);
    } catch (error) {
      outcome.failedPartitions.push(partition);
      outcome.error = error;
      if (outcome.confirmed.length === 0 && outcome.failedPartitions.length >= OUTAGE_AFTER)
        return { ...outcome, failedPartitions: [], outage: true };
    }
  }
  return outcome;
}
