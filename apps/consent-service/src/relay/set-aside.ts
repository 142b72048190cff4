interface Term {
  until: number;
  ms: number;
}

/** Members that are left alone for a time, twice as long each time that they come back. */
export class SetAside<T> {
  readonly #terms = new Map<T, Term>();

  constructor(
    readonly firstMs: number,
    readonly longestMs: number,
  ) {}

  add(member: T, now: number): void {
    const before = this.#terms.get(member);
    const ms = before ? Math.min(before.ms * 2, this.longestMs) : this.firstMs;
    this.#terms.set(member, { until: now + ms, ms });
  }

  /** All is well with it again: the next time begins with the first length. */
  forget(member: T): void {
    this.#terms.delete(member);
  }

  current(now: number): T[] {
    return [...this.#terms].filter(([, { until }]) => until > now).map(([member]) => member);
  }
}
