/** Lets a loop sleep until it is woken or a time has passed. A wake while nobody sleeps is kept for the next sleep. */
export class WakeSignal {
  #woken = false;
  #wake: (() => void) | null = null;

  wake(): void {
    if (this.#wake) this.#wake();
    else this.#woken = true;
  }

  async sleep(forMs: number): Promise<void> {
    if (!this.#woken)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, forMs);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    this.#wake = null;
    this.#woken = false;
  }
}
