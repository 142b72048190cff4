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

  /** Asked after each round. @returns the partition numbers to read, or null when nothing changes */
  next(): ReadonlySet<number> | null {
    const unread = new Array<number>(PARTITIONS).fill(0);
    for (const [key, left] of this.#unread) {
      const partition = Number(key.slice(key.lastIndexOf('/') + 1));
      unread[partition] = (unread[partition] ?? 0) + left;
    }
    const total = unread.reduce((sum, left) => sum + left, 0);
    if (total > MANY_UNREAD || (this.#first !== null && total > FEW_UNREAD)) return this.#turn(unread);
    if (this.#first === null) return null;
    this.#first = null;
    return new Set(unread.keys());
  }

  /** Only partitions that have something to read: of empty ones nothing would come, and no next round. */
  #turn(unread: readonly number[]): ReadonlySet<number> {
    const from = this.#first ?? 0;
    const inTurn = Array.from({ length: PARTITIONS }, (_, i) => (from + i) % PARTITIONS);
    const chosen = inTurn.filter((partition) => (unread[partition] ?? 0) > 0).slice(0, AT_ONCE);
    this.#first = ((chosen.at(-1) ?? from) + 1) % PARTITIONS;
    return new Set(chosen);
  }
}
