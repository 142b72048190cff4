import { isTransient, type Transaction } from '@consent/postgres';
import { isReadable } from '../core/arrival.js';
import { ConcurrentWriterError } from '../store/write-states.js';
import { CursorBehindError } from '../store/cursors.js';
import { type Applied, applyChunk, type Chunk } from './apply-chunk.js';
import { backOff } from './back-off.js';
import { type Breaker, BreakerOpenError } from './breaker.js';
import { type AnySystem } from './run-effects.js';
import { type Isolation } from './run-units.js';

export interface ChunkRunner {
  readonly system: AnySystem;
  readonly breaker: Breaker;
  /** Runs `work`, which is about so many rows, in one transaction: `withTransaction` of the system's database. */
  transact: <T>(work: (tx: Transaction) => Promise<T>, rows?: number) => Promise<T>;
  /** Ends waiting between tries. */
  readonly stopped: AbortSignal;
  /** Epoch ms. */
  now: () => number;
  /** Each try that failed and is made again. */
  onRetry: (error: unknown) => void;
  /** A parked opening could not even be closed. */
  onClosingFailed: (error: unknown) => void;
}

/**
 * Applies a chunk, however long the database is away. What fails transiently is tried again as a whole; what fails for
 * good is isolated and parked.
 * @throws CursorBehindError, BreakerOpenError, the abort reason of `stopped`, or an error that no isolation helps against
 */
export async function runChunk(chunk: Chunk, runner: ChunkRunner): Promise<Applied> {
  let isolate = false;
  const unreadable = chunk.entries.filter((entry) => !isReadable(entry)).length;
  if (unreadable > 0) runner.breaker.check(unreadable, runner.now());
  for (let attempt = 0; ; attempt++) {
    const now = runner.now();
    try {
      const applied = await runner.transact(
        (tx) => applyChunk(tx, chunk, runner.system, isolate ? isolation(runner, unreadable, now) : null, now),
        chunk.entries.length,
      );
      runner.breaker.add(applied.failed, now);
      return applied;
    } catch (error) {
      if (error instanceof CursorBehindError || error instanceof BreakerOpenError) throw error;
      const again = error instanceof ConcurrentWriterError || isTransient(error);
      // Not transient though isolated: it is none of the effects, but our own tables.
      if (!again && isolate) throw error;
      isolate ||= !again;
      runner.onRetry(error);
      if (isTransient(error)) await backOff(attempt, runner.stopped);
    }
  }
}

function isolation({ breaker, onClosingFailed }: ChunkRunner, unreadable: number, now: number): Isolation {
  let failed = unreadable;
  return {
    onFailure: () => breaker.check(++failed, now),
    onClosingFailed,
  };
}
