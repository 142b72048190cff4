import { type ConsentDecision } from '@consent/events';
import { type Transaction } from '@consent/postgres';
import { type LedgerRow } from './ledger-row.js';
import { ledgerRowToDecision } from './ledger-row-to-decision.js';

/** Runs one query: a transaction, or a data source through `reader`. */
export type Reader = Pick<Transaction, 'query'>;

/** Decisions by their position in the ledger. */
export async function readPositions(
  reader: Reader,
  positions: readonly number[],
): Promise<Map<number, ConsentDecision>> {
  if (positions.length === 0) return new Map();
  const { rows } = await reader.query<LedgerRow>(
    'SELECT * FROM ledger WHERE position = ANY ($1::bigint[])',
    [positions],
    'read-positions',
  );
  return new Map(rows.map((row) => [Number(row.position), ledgerRowToDecision(row)]));
}
