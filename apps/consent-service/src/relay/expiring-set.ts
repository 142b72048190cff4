/** Members that leave by themselves after a time. */
export class ExpiringSet<T> {
  readonly #until = new Map<T, number>();

  constructor(readonly lifetimeMs: number) {}

  add(member: T, now: number): void {
    this.#until.set(member, now + this.lifetimeMs);
  }

  current(now: number): T[] {
    for (const [member, until] of this.#until) if (until <= now) this.#until.delete(member);
    return [...this.#until.keys()];
  }
}
