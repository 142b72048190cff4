import { type PartitionOffset } from '@consent/kafka';
import { isTransient, withTransaction } from '@consent/postgres';
import { type Logger } from '@consent/service-host';
import { type DataSource } from 'typeorm';
import { type Portion } from '../gather/chunk.js';
import { type Settlement } from '../gather/transition.js';
import { storePortion } from '../store/store-portion.js';

const RETRY_FIRST_MS = 50;
const RETRY_MOST_MS = 2_000;

export interface WriteSettings {
  dataSource: DataSource;
  logger: Logger;
  onSettled: (settled: readonly Settlement[], tookMs: number) => void;
  /** False once the service is stopping: no further try then. */
  isRunning: () => boolean;
  /** The database is away: waiting is right, and no stall. */
  onWaiting: () => void;
}

/** Stores portions, trying again for as long as the database is only away. @throws what is permanent, which is a bug */
export const portionWriter =
  ({ dataSource, logger, onSettled, isRunning, onWaiting }: WriteSettings) =>
  async (portion: Portion, cursors: readonly PartitionOffset[]): Promise<void> => {
    for (let waitMs = RETRY_FIRST_MS; ; waitMs = Math.min(2 * waitMs, RETRY_MOST_MS)) {
      const began = performance.now();
      try {
        const settled = await withTransaction(dataSource, (tx) => storePortion(tx, portion, cursors), {
          rows: portion.propagations.size,
        });
        onSettled(settled, performance.now() - began);
        return;
      } catch (error) {
        if (!isTransient(error) || !isRunning()) throw error;
        onWaiting();
        logger.warn({ err: error, retryInMs: waitMs }, 'The database is away; what was read is stored when it is back');
        await new Promise((resolve) => setTimeout(resolve, waitMs));
      }
    }
  };
