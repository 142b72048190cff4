/** Too much parks at once: rather a bad deploy than bad records, and nobody wants them all to wait for an operator. */
export class BreakerOpenError extends Error {
  override name = 'BreakerOpenError';
}

const WINDOW_MS = 60_000;

/** Counts what parks. Once more than `limit` a minute would, the chunk is rolled back and consuming stops. */
export class Breaker {
  #parkedAt: number[] = [];

  constructor(readonly limit: number) {}

  /** @param more about to park, on top of what the last minute parked @throws BreakerOpenError */
  check(more: number, now: number): void {
    const recent = this.#recent(now).length;
    if (recent + more > this.limit)
      throw new BreakerOpenError(
        `${recent + more} records fail for good within a minute, at most ${this.limit} are parked: look at the newest parked decisions, mend the system, restart it`,
      );
  }

  /** What a committed chunk has parked. */
  add(parked: number, now: number): void {
    this.#parkedAt = [...this.#recent(now), ...Array<number>(parked).fill(now)];
  }

  #recent(now: number): number[] {
    return this.#parkedAt.filter((at) => at > now - WINDOW_MS);
  }
}
