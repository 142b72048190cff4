/** What is known of one partition when it is assigned. */
export interface PartitionFacts {
  /** Acknowledged cursor: the group's Kafka offset; null when it never committed one. */
  readonly acknowledged: number | null;
  /** Applied cursor: the database's; -1 when it never wrote one. */
  readonly applied: number;
  /** First offset that the topic still has, and the next it will give. */
  readonly low: number;
  readonly high: number;
}

export interface Start {
  readonly offset: number;
  /** `restored`: the database is behind the Kafka offset. `new-topic`: the topic ends before what was acknowledged. */
  readonly because: 'acknowledged' | 'beginning' | 'restored' | 'new-topic';
  /** Records that are gone from the topic although they were not applied. */
  readonly expired: number;
}

/**
 * Where to start reading. At the acknowledged cursor: what was applied beyond it is read again and acknowledged again. At
 * the applied one where that is behind: only a database restored to an older state can be.
 */
export function findStart({ acknowledged, applied, low, high }: PartitionFacts): Start {
  if (Math.max(acknowledged ?? 0, applied) > high) return { offset: low, because: 'new-topic', expired: 0 };
  if (acknowledged === null) return { offset: low, because: 'beginning', expired: expiredFrom(applied, low) };
  const behind = Math.max(applied, 0) < acknowledged;
  const wanted = behind ? Math.max(applied, 0) : acknowledged;
  const offset = Math.max(wanted, low);
  // A partition whose first records expired before anyone could read them was committed without being applied.
  const because = behind && offset < acknowledged ? 'restored' : 'acknowledged';
  return { offset, because, expired: Math.max(0, low - wanted) };
}

const expiredFrom = (applied: number, low: number): number => (applied < 0 ? 0 : Math.max(0, low - applied));
