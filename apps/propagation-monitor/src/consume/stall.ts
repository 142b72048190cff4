import { type Finding } from '@consent/service-host';

const STALLED_AFTER_MS = 60_000;

/** Reading that stands still although there is something to read, and nothing says why: only a restart helps. */
export class Stall {
  #unread = 0;
  #since: number | null = null;

  /** Something was stored, or there is a reason to wait that will pass. */
  progressed(): void {
    this.#since = null;
  }

  looked(unread: number, now: number): void {
    this.#unread = unread;
    if (unread === 0) this.#since = null;
    else this.#since ??= now;
  }

  finding(now: number): Finding {
    const stillMs = this.#since === null ? 0 : now - this.#since;
    return stillMs > STALLED_AFTER_MS
      ? { ok: false, detail: `${this.#unread} records wait and none was stored for ${Math.round(stillMs / 1_000)} s` }
      : { ok: true, detail: `${this.#unread} records wait` };
  }
}
