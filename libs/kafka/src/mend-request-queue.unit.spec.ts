import { describe, expect, it } from '@jest/globals';
import RequestQueue from 'kafkajs/src/network/requestQueue/index.js';
import { mendRequestQueue } from './mend-request-queue.js';

const unmended = Object.getOwnPropertyDescriptor(RequestQueue.prototype, 'scheduleCheckPendingRequests');
mendRequestQueue();

const newQueue = (): RequestQueue =>
  new RequestQueue({
    maxInFlightRequests: 1,
    requestTimeout: 1_000,
    enforceRequestTimeout: false,
    clientId: 'spec',
    broker: 'none',
    logger: { debug: () => undefined },
  });
/** What the timer would do is not needed here. */
const timerOf = (queue: RequestQueue): NodeJS.Timeout | null => {
  if (queue.throttleCheckTimeoutId) clearTimeout(queue.throttleCheckTimeoutId);
  return queue.throttleCheckTimeoutId;
};

describe('the mend of kafkajs’s request queue', () => {
  it('is still needed: unmended, an idle queue arms a timer. When this fails, remove the mend', () => {
    const queue = newQueue();
    queue.throttledUntil = Date.now();
    (unmended?.value as () => void).call(queue);
    expect(timerOf(queue)).not.toBeNull();
  });

  it('arms no timer when nothing waits', () => {
    const queue = newQueue();
    queue.checkPendingRequests();
    expect(timerOf(queue)).toBeNull();
  });

  it('arms no timer when throttled with nothing waiting', () => {
    const queue = newQueue();
    queue.throttledUntil = Date.now() + 500;
    queue.checkPendingRequests();
    expect(timerOf(queue)).toBeNull();
  });

  it('checks again while a request waits, and sends it when the throttle ends', async () => {
    const queue = newQueue() as RequestQueue & { push(request: object): void };
    queue.throttledUntil = Date.now() + 30;
    const sentAt = await new Promise<number>((resolve) =>
      queue.push({
        entry: {
          correlationId: 1,
          apiKey: 0,
          apiVersion: 0,
          apiName: 'spec',
          resolve: () => undefined,
          reject: () => undefined,
        },
        expectResponse: true,
        sendRequest: () => resolve(Date.now()),
      }),
    );
    expect(sentAt).toBeGreaterThanOrEqual(queue.throttledUntil);
    timerOf(queue);
  });
});
