/** Says that rows may wait in the outbox or a replay may wait for its worker, so that neither has to look for them. */
export class CommitSignal {
  readonly #listeners = new Set<() => void>();

  listen(listener: () => void): void {
    this.#listeners.add(listener);
  }

  fire(): void {
    for (const listener of this.#listeners) listener();
  }
}
