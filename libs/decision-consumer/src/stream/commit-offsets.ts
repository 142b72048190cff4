import { type PartitionOffset, type RunningConsumer } from '@consent/kafka';
import { type ConsumerLogger } from './logger.js';

/** Brings the acknowledged cursor to the Kafka group, and remembers what is there: a commit costs the broker a write. */
export class GroupOffsets {
  readonly #committed = new Map<number, number>();

  constructor(private readonly logger: ConsumerLogger) {}

  reset(): void {
    this.#committed.clear();
  }

  async commit(consumer: RunningConsumer | null, cursors: readonly PartitionOffset[]): Promise<void> {
    const due = cursors.filter(({ partition, offset }) => offset > (this.#committed.get(partition) ?? -1));
    if (consumer === null || due.length === 0) return;
    try {
      await consumer.commitOffsets(due);
      for (const { partition, offset } of due) this.#committed.set(partition, offset);
    } catch (error) {
      // A rebalance, mostly. The next commit says the same and more.
      this.logger.debug({ err: error, topic: due[0]?.topic }, 'Offsets were not committed');
    }
  }
}
