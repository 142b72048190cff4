import { type PartitionOffset, type TopicAdmin } from '@consent/kafka';
import { type ChunkRunner } from '../chunk/run-chunk.js';
import { readCursors, setCursor } from '../store/cursors.js';
import { findStart, type Start } from './find-start.js';

/** Where one assigned partition starts. */
export interface PartitionStart extends Start {
  readonly partition: number;
  /** Acknowledged cursor to go on from. */
  readonly acknowledged: number;
  /** Applied cursor in the database; -1 when there is none. */
  readonly applied: number;
  /** True when the group's own offset, or the topic's beginning, is not where to start. */
  readonly seek: boolean;
}

/** Reads both cursors and the topic's ends, and decides for each partition where to start. */
export async function startPartitions(
  topic: string,
  groupId: string,
  partitions: readonly number[],
  admin: Pick<TopicAdmin, 'partitionRanges' | 'committedOffsets'>,
  { transact }: Pick<ChunkRunner, 'transact'>,
): Promise<PartitionStart[]> {
  const ranges = new Map((await admin.partitionRanges(topic)).map((range) => [range.partition, range]));
  const committed = new Map(byPartition(await admin.committedOffsets(groupId, [topic])));
  const cursors = await transact((tx) => readCursors(tx, topic, partitions));
  const starts = partitions.map((partition): PartitionStart => {
    const { low = 0, high = 0 } = ranges.get(partition) ?? {};
    const kafka = committed.get(partition) ?? null;
    const applied = cursors.get(partition) ?? -1;
    const start = findStart({ acknowledged: kafka, applied, low, high });
    return {
      ...start,
      partition,
      // What is read again after a restore was acknowledged before: the cursor waits where it is.
      acknowledged: start.because === 'restored' ? (kafka ?? start.offset) : start.offset,
      applied: start.because === 'new-topic' ? start.offset : applied,
      seek: start.offset !== (kafka ?? low),
    };
  });
  for (const { partition, offset, because } of starts)
    if (because === 'new-topic') await transact((tx) => setCursor(tx, { topic, partition, offset }));
  return starts;
}

const byPartition = (offsets: readonly PartitionOffset[]): [number, number][] =>
  offsets.map(({ partition, offset }) => [partition, offset]);
