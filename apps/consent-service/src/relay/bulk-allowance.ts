/**
 * Rows of the bulk lane that may go out now: a bucket that fills at `perSecond` and holds at most `burst`. Rows that go with
 * live ones are not asked for, and may leave less than nothing.
 */
export class BulkAllowance {
  #tokens: number;
  #filledAt: number;

  constructor(
    readonly perSecond: number,
    readonly burst: number,
    now: number,
  ) {
    this.#tokens = burst;
    this.#filledAt = now;
  }

  /** @param now milliseconds of a clock that never goes back */
  available(now: number): number {
    this.#tokens = Math.min(this.burst, this.#tokens + ((now - this.#filledAt) / 1_000) * this.perSecond);
    this.#filledAt = now;
    return Math.max(0, Math.floor(this.#tokens));
  }

  spend(rows: number): void {
    this.#tokens -= rows;
  }
}
