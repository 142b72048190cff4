import { type Transaction } from '@consent/postgres';
import { BULK } from './outbox-row.js';

/** Rows that replays, clocks and catalogue changes let wait: what is written into a full lane has begun to use up its deadline. */
const WAITING_AT_MOST = 5_000;
/** Facts are let in above that, so that a catalogue change, which fills the lane for as long as it runs, does not keep them out. */
export const WAITING_BEFORE_FACTS = 10_000;

/** Whether so many rows wait in the bulk lane that who writes into it waits too. */
export async function isBulkFull(reader: Pick<Transaction, 'query'>, atMost = WAITING_AT_MOST): Promise<boolean> {
  const { rowCount } = await reader.query(`SELECT FROM outbox WHERE lane = ${BULK} LIMIT $1`, [atMost]);
  return rowCount >= atMost;
}
