import { setTimeout as pause } from 'node:timers/promises';
import { ProblemError } from '@consent/service-host';
import { Turns } from '../turns.js';

/** Less than a client waits for an answer. */
const PATIENCE_MS = 20_000;
const LOOK_AGAIN_MS = 100;

/** Lets one batch at a time into the bulk lane, once there is room. */
export class BulkTurns {
  readonly #turns = new Turns(1);

  /** @param isFull whether the lane takes no more at present */
  constructor(
    private readonly isFull: () => Promise<boolean>,
    private readonly patienceMs = PATIENCE_MS,
  ) {}

  /** @throws ProblemError 503 when the lane stays full; and what `work` throws */
  run<T>(work: () => Promise<T>): Promise<T> {
    const deadline = performance.now() + this.patienceMs;
    return this.#turns.run(async () => {
      while (await this.isFull()) {
        if (performance.now() >= deadline) throw full();
        await pause(LOOK_AGAIN_MS);
      }
      return work();
    });
  }
}

const full = (): ProblemError =>
  new ProblemError(
    503,
    'bulk-lane-full',
    'The service is busy with what went before',
    'The lane that takes many changes at once is full; expected the same request again in a moment, with the same Idempotency-Key',
    {},
    { 'retry-after': '5' },
  );
