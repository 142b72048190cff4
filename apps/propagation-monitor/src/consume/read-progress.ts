import { type PartitionOffset, type PartitionRange } from '@consent/kafka';

export interface TopicProgress {
  /** Records on the topic that have not been read. */
  unread: number;
  /** Records are unread that were there at the look before, or the monitor has not caught up since its start. */
  behind: boolean;
}

const UNKNOWN: TopicProgress = { unread: 0, behind: true };

/**
 * How far reading has come, judged from two looks at the ends of the topics: what was there at the earlier look and is
 * not read now means that the monitor is behind, and that what it shows is not to be taken for the truth. Nor is it right
 * after the start, until all that was there at the first look is stored: what is shown may be empty because little is read.
 */
export class ReadProgress {
  readonly #next = new Map<string, number>();
  readonly #stored = new Map<string, number>();
  /** Ends at the first look, of each partition that is not stored so far yet. */
  #missing: PartitionRange[] | null = null;
  #caughtUpAt: number | null = null;
  #ends = new Map<string, PartitionRange[]>();
  #progress = new Map<string, TopicProgress>();
  #lookedAt = 0;

  /** Records before these offsets have been read; they are stored, or about to be. */
  read(cursors: readonly PartitionOffset[]): void {
    for (const { topic, partition, offset } of cursors) this.#next.set(`${topic}/${partition}`, offset);
  }

  /** Records before these offsets are stored. */
  stored(cursors: readonly PartitionOffset[]): void {
    for (const { topic, partition, offset } of cursors) this.#stored.set(`${topic}/${partition}`, offset);
  }

  /** When it was seen that all that was there at the first look is stored; null: not yet. */
  get caughtUpAt(): number | null {
    return this.#caughtUpAt;
  }

  look(topics: ReadonlyMap<string, PartitionRange[]>, now: number): void {
    for (const [topic, ranges] of topics) {
      const earlier = this.#ends.get(topic);
      const behind = earlier === undefined || earlier.some((end) => this.#nextOf(end) < end.high);
      const unread = ranges.reduce((sum, range) => sum + Math.max(0, range.high - this.#nextOf(range)), 0);
      this.#progress.set(topic, { unread, behind: behind && unread > 0 });
    }
    this.#catchUp([...topics.values()].flat(), now);
    this.#ends = new Map(topics);
    this.#lookedAt = now;
  }

  /** Over all topics, at the last look. */
  get unread(): number {
    return [...this.#progress.values()].reduce((sum, { unread }) => sum + unread, 0);
  }

  /**
   * @param figuresReadAt when the stored figures were read that this is to vouch for
   * @param maxAgeMs a look older than this proves nothing any more
   */
  of(topic: string, { now, figuresReadAt }: { now: number; figuresReadAt: number }, maxAgeMs: number): TopicProgress {
    const found = now - this.#lookedAt > maxAgeMs ? UNKNOWN : (this.#progress.get(topic) ?? UNKNOWN);
    return this.#caughtUpAt !== null && figuresReadAt >= this.#caughtUpAt ? found : { ...found, behind: true };
  }

  #catchUp(ends: readonly PartitionRange[], now: number): void {
    if (this.#caughtUpAt !== null) return;
    this.#missing = (this.#missing ?? [...ends]).filter(
      ({ topic, partition, low, high }) => (this.#stored.get(`${topic}/${partition}`) ?? low) < high,
    );
    if (this.#missing.length === 0) this.#caughtUpAt = now;
  }

  #nextOf({ topic, partition, low }: PartitionRange): number {
    return this.#next.get(`${topic}/${partition}`) ?? low;
  }
}
