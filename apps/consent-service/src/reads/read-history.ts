import { type ConsentDecision } from '@consent/events';
import { type LedgerRow } from '../ledger/ledger-row.js';
import { ledgerRowToDecision } from '../ledger/ledger-row-to-decision.js';
import { type Reader } from '../ledger/read-positions.js';

export interface PositionedDecision {
  position: number;
  decision: ConsentDecision;
}

const positioned = (row: LedgerRow): PositionedDecision => ({
  position: Number(row.position),
  decision: ledgerRowToDecision(row),
});

/** A subject's decisions with a version above `after`, oldest first. */
export async function readHistory(
  reader: Reader,
  subjectId: string,
  after: number,
  limit: number,
): Promise<PositionedDecision[]> {
  const { rows } = await reader.query<LedgerRow>(
    'SELECT * FROM ledger WHERE subject_id = $1 AND version > $2 ORDER BY version LIMIT $3',
    [subjectId, after, limit],
  );
  return rows.map(positioned);
}

/** One decision; null when the ledger does not hold it. */
export async function readDecision(reader: Reader, decisionId: string): Promise<PositionedDecision | null> {
  const { rows } = await reader.query<LedgerRow>('SELECT * FROM ledger WHERE decision_id = $1', [decisionId]);
  return rows[0] ? positioned(rows[0]) : null;
}
