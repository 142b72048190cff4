import { type PartitionOffset, type PartitionRange } from '@consent/kafka';

export interface TopicProgress {
  /** Records on the topic that have not been read. */
  unread: number;
  /** Records are unread that were there at the look before. */
  behind: boolean;
}

const UNKNOWN: TopicProgress = { unread: 0, behind: true };

/**
 * How far reading has come, judged from two looks at the ends of the topics: what was there at the earlier look and is
 * not read now means that the monitor is behind, and that what it shows is not to be taken for the truth.
 */
export class ReadProgress {
  readonly #next = new Map<string, number>();
  #ends = new Map<string, PartitionRange[]>();
  #progress = new Map<string, TopicProgress>();
  #lookedAt = 0;

  /** Records before these offsets have been read; they are stored, or about to be. */
  read(cursors: readonly PartitionOffset[]): void {
    for (const { topic, partition, offset } of cursors) this.#next.set(`${topic}/${partition}`, offset);
  }

  look(topics: ReadonlyMap<string, PartitionRange[]>, now: number): void {
    for (const [topic, ranges] of topics) {
      const earlier = this.#ends.get(topic);
      const behind = earlier === undefined || earlier.some((end) => this.#nextOf(end) < end.high);
      const unread = ranges.reduce((sum, range) => sum + Math.max(0, range.high - this.#nextOf(range)), 0);
      // Right after the start there is no earlier look: all read is as good.
      this.#progress.set(topic, { unread, behind: behind && unread > 0 });
    }
    this.#ends = new Map(topics);
    this.#lookedAt = now;
  }

  /** Over all topics, at the last look. */
  get unread(): number {
    return [...this.#progress.values()].reduce((sum, { unread }) => sum + unread, 0);
  }

  /** @param maxAgeMs a look older than this proves nothing any more */
  of(topic: string, now: number, maxAgeMs: number): TopicProgress {
    return now - this.#lookedAt > maxAgeMs ? UNKNOWN : (this.#progress.get(topic) ?? UNKNOWN);
  }

  #nextOf({ topic, partition, low }: PartitionRange): number {
    return this.#next.get(`${topic}/${partition}`) ?? low;
  }
}
