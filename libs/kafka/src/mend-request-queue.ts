// Imported, not required: a bundle must mend the copy that it runs. A new kafkajs that moves it fails here, loudly.
import RequestQueue from 'kafkajs/src/network/requestQueue/index.js';

const CHECK_AGAIN_AFTER_MS = 10;

/**
 * kafkajs 2.2.4 re-arms a timer with a negative delay on every connection, so each wakes a thousand times a second, idle
 * or not (kafkajs issue 1751). With this, a check is scheduled only while requests wait: throttled until then, or else
 * 10 ms as before. Safe to call more than once.
 */
export function mendRequestQueue(): void {
  RequestQueue.prototype.scheduleCheckPendingRequests = function scheduleOnlyWhenNeeded(this: RequestQueue): void {
    if (this.throttleCheckTimeoutId !== null || this.pending.length === 0) return;
    const throttledForMs = this.throttledUntil - Date.now();
    this.throttleCheckTimeoutId = setTimeout(
      () => {
        this.throttleCheckTimeoutId = null;
        this.checkPendingRequests();
      },
      throttledForMs > 0 ? throttledForMs : CHECK_AGAIN_AFTER_MS,
    );
  };
}
