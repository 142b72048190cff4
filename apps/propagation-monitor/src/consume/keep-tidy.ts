import { withTransaction } from '@consent/postgres';
import { type Logger } from '@consent/service-host';
import { type DataSource } from 'typeorm';
import { removeOld } from '../store/remove-old.js';

const EVERY_MS = 10_000;

/** Removes what is past its time, in small portions. Returns how to stop, which waits for the portion in hand. */
export function keepTidy(dataSource: DataSource, retentionMs: number, logger: Logger): () => Promise<void> {
  let running = true;
  let working: Promise<void> = Promise.resolve();
  const tidy = async (): Promise<void> => {
    try {
      while (running && (await withTransaction(dataSource, (tx) => removeOld(tx, Date.now(), retentionMs))));
    } catch (error) {
      logger.warn({ err: error }, 'What is past its time could not be removed; the next round tries again');
    }
  };
  const timer = setInterval(() => void (working = working.then(tidy)), EVERY_MS);
  return async () => {
    running = false;
    clearInterval(timer);
    await working;
  };
}
