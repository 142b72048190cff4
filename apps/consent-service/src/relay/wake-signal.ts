/** Lets a loop sleep until it is woken or a time has passed. A wake while nobody sleeps is kept for the next sleep. */
export class WakeSignal {
  #woken = false;
  #wake: (() => void) | null = null;

  wake(): void {
    if (this.#wake) this.#wake();
    else this.#woken = true;
  }

  /** @returns whether it was woken, rather than the time having passed */
  async sleep(forMs: number): Promise<boolean> {
    const woken =
      this.#woken ||
      (await new Promise<boolean>((resolve) => {
        const timer = setTimeout(() => resolve(false), forMs);
        this.#wake = () => {
          clearTimeout(timer);
          resolve(true);
        };
      }));
    this.#wake = null;
    this.#woken = false;
    return woken;
  }
}
