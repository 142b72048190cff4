import { PARTITIONS } from '@consent/events';

/** With more unread than this, not all partitions are read at once: a fetch of all of them would fill the memory. */
const MANY_UNREAD = 15_000;
const FEW_UNREAD = 3_000;
/** Partition numbers read at once while catching up. The same number of each topic: answers meet their decisions. */
const AT_ONCE = 3;

/** Says which partition numbers to read next; with little unread, all. */
export class CatchUp {
  readonly #unread = new Map<string, number>();
  #first: number | null = null;

  get catchingUp(): boolean {
    return this.#first !== null;
  }

  /** A batch was taken, and so many records of its partition are left. */
  taken(topic: string, partition: number, left: number): void {
    this.#unread.set(`${topic}/${partition}`, Math.max(0, left));
  }

  /** Asked after each write. @returns the partition numbers to read, or null when nothing changes */
  next(): ReadonlySet<number> | null {
    let unread = 0;
    for (const left of this.#unread.values()) unread += left;
    if (unread > MANY_UNREAD || (this.#first !== null && unread > FEW_UNREAD)) {
      this.#first = this.#first === null ? 0 : (this.#first + AT_ONCE) % PARTITIONS;
      const first = this.#first;
      return new Set(Array.from({ length: AT_ONCE }, (_, i) => (first + i) % PARTITIONS));
    }
    if (this.#first === null) return null;
    this.#first = null;
    return new Set(Array.from({ length: PARTITIONS }, (_, partition) => partition));
  }
}
