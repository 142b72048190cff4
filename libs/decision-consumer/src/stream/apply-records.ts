import { type ConsumedRecord } from '@consent/kafka';
import { type Applied } from '../chunk/apply-chunk.js';
import { backOff } from '../chunk/back-off.js';
import { type DecisionReader, readRecords } from '../chunk/read-records.js';
import { type ChunkRunner, runChunk } from '../chunk/run-chunk.js';
import { type Entry } from '../core/arrival.js';
import { type CursorMove } from '../store/cursors.js';
import { type Part } from './acknowledger.js';
import { isRetriable } from './logger.js';
import { type Positions } from './positions.js';

/** Decodes and applies records, and moves the cursors of their parts. @throws what `runChunk` throws */
export async function applyRecords(
  records: readonly ConsumedRecord[],
  parts: readonly Part[],
  positions: Positions,
  reader: DecisionReader,
  runner: ChunkRunner,
): Promise<Applied> {
  const entries = await read(records, reader, runner);
  const moves = movesOf(parts, positions);
  const applied = await runChunk({ entries, moves }, runner);
  for (const { partition, offset } of moves) positions.wrote(partition, offset);
  return applied;
}

/** A writer schema may be new while the registry is away: that passes. */
async function read(records: readonly ConsumedRecord[], reader: DecisionReader, runner: ChunkRunner): Promise<Entry[]> {
  for (let attempt = 0; ; attempt++)
    try {
      return await readRecords(records, reader);
    } catch (error) {
      if (!isRetriable(error)) throw error;
      runner.onRetry(error);
      await backOff(attempt, runner.stopped);
    }
}

/** One for each partition: a chunk may hold two batches of one. */
function movesOf(parts: readonly Part[], positions: Positions): CursorMove[] {
  const moves = new Map<number, CursorMove>();
  for (const { topic, partition, next } of parts)
    moves.set(partition, { topic, partition, offset: next, seen: positions.written(partition) });
  return [...moves.values()];
}
