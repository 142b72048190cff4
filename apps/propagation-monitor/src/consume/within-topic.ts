import { type PartitionOffset, type PartitionRange } from '@consent/kafka';
import { type Logger } from '@consent/service-host';

/** A cursor outside of its topic (retention passed it, or the topic was made anew) moves to the oldest record there is. */
export function withinTopic(
  cursor: PartitionOffset,
  ranges: readonly PartitionRange[],
  logger: Pick<Logger, 'error'>,
): PartitionOffset {
  const range = ranges.find(({ partition }) => partition === cursor.partition);
  if (range === undefined || (cursor.offset >= range.low && cursor.offset <= range.high)) return cursor;
  const { low, high } = range;
  logger.error({ ...cursor, low, high }, 'Records between cursor and topic are gone');
  return { ...cursor, offset: low };
}
