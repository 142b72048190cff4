import { BULK, LIVE, type OutboxRow } from './outbox-row.js';

type Lanes = [live: number, bulk: number];

/**
 * Where the scan of each lane may begin. Deleted rows stay in the index while any old snapshot could see them (a
 * backup, a forgotten session), and a scan from the very start would walk over all of them each time.
 *
 * An id is *settled* when no transaction that drew an id at or below it is still open: whoever drew it had its
 * transaction id before, so all are over once the oldest running one is younger than those that ran at that time.
 * The floor is the highest settled id below which nothing is left. So late committers are never passed over.
 */
export class ScanFloor {
  readonly #floors: Lanes = [0, 0];
  #settled = 0;
  #highestRead = 0;
  #waitingFor: { id: number; xmax: bigint } | null = null;

  of(lane: typeof LIVE | typeof BULK): number {
    return this.#floors[lane];
  }

  /** What a snapshot taken now says: oldest running transaction, and the next one to begin. */
  observeSnapshot(xmin: bigint, xmax: bigint): void {
    if (this.#waitingFor && xmin >= this.#waitingFor.xmax) {
      this.#settled = this.#waitingFor.id;
      this.#waitingFor = null;
    }
    this.#waitingFor ??= { id: this.#highestRead, xmax };
  }

  /**
   * What a read that began at the floors, and left out nothing but `inHand`, has returned.
   * @param settledAtRead value of `settled` before the read began
   * @param lanes those that the read looked at
   */
  observeRead(
    settledAtRead: number,
    rows: readonly OutboxRow[],
    inHand: readonly OutboxRow[],
    lanes: readonly (typeof LIVE | typeof BULK)[],
  ): void {
    const lowest: Lanes = [settledAtRead + 1, settledAtRead + 1];
    for (const row of [...rows, ...inHand]) {
      const lane = row.lane === BULK ? BULK : LIVE;
      lowest[lane] = Math.min(lowest[lane], row.outboxId);
      this.#highestRead = Math.max(this.#highestRead, row.outboxId);
    }
    for (const lane of lanes) this.#floors[lane] = Math.max(this.#floors[lane], lowest[lane] - 1);
  }

  get settled(): number {
    return this.#settled;
  }
}
