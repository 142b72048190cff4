interface Position {
  /** Next offset to read. */
  next: number;
  /** The applied cursor as this process last read or wrote it; -1 when there is none. */
  written: number;
  /** Next offset to apply, as this process sees it. */
  applied: number;
  /** End of the partition when last heard of. */
  high: number;
  /** While something is read again: until here. */
  backUntil: number;
}

/** For operators: one partition's cursors, as offsets of the next record. */
export interface PartitionReport {
  partition: number;
  /** -1 when there is none. */
  appliedCursor: number;
  readTo: number;
  end: number;
  /** Records not applied yet. */
  lag: number;
}

/** Where one stream stands in each of its partitions. */
export class Positions {
  readonly #all = new Map<number, Position>();

  reset(): void {
    this.#all.clear();
  }

  partitions(): number[] {
    return [...this.#all.keys()];
  }

  assigned(partition: number, next: number, written: number): void {
    this.#all.set(partition, { next, written, applied: next, high: next, backUntil: 0 });
  }

  next(partition: number): number | undefined {
    return this.#all.get(partition)?.next;
  }

  written(partition: number): number {
    return this.#all.get(partition)?.written ?? -1;
  }

  read(partition: number, next: number, high: number): void {
    const position = this.#all.get(partition);
    if (position) Object.assign(position, { next, high });
  }

  /** @param back true when records that were read before are read again */
  sought(partition: number, offset: number, back: boolean): void {
    const position = this.#all.get(partition);
    if (!position) return;
    if (back) position.backUntil = Math.max(position.backUntil, position.next, position.high);
    position.next = offset;
    position.applied = offset;
  }

  wrote(partition: number, offset: number): void {
    const position = this.#all.get(partition);
    if (!position) return;
    position.written = Math.max(position.written, offset);
    position.applied = offset;
    if (offset >= position.backUntil) position.backUntil = 0;
  }

  restored(partition: number, written: number): void {
    const position = this.#all.get(partition);
    if (position) position.written = written;
  }

  ends(partition: number, high: number): void {
    const position = this.#all.get(partition);
    if (position) position.high = Math.max(position.high, high);
  }

  /** Records on the broker that are not applied yet, as far as is known. */
  lag(): number {
    let lag = 0;
    for (const { high, applied } of this.#all.values()) lag += Math.max(0, high - applied);
    return lag;
  }

  get seekingBack(): boolean {
    return [...this.#all.values()].some(({ backUntil }) => backUntil > 0);
  }

  report(): PartitionReport[] {
    return [...this.#all].map(([partition, { written, next, high, applied }]) => ({
      partition,
      appliedCursor: written,
      readTo: next,
      end: high,
      lag: Math.max(0, high - applied),
    }));
  }
}
