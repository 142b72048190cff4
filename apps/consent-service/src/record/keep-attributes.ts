import { BY_ITSELF, followsFromRule, type LedgerEntry } from '@consent/consent-rules';
import { tripleKey } from '@consent/events';
import { type Transaction } from '@consent/postgres';

/** Of each triple, what qualified the newest decision that somebody took. */
const READ = `
SELECT DISTINCT ON (subject_id, scope_id, purpose_id)
       subject_id AS "subjectId", scope_id AS "scopeId", purpose_id AS "purposeId", attributes
  FROM ledger
 WHERE subject_id = ANY ($1::uuid[]) AND purpose_id = ANY ($2::text[]) AND effective AND cause <> ALL ($3::text[])
 ORDER BY subject_id, scope_id, purpose_id, version DESC`;

interface Row {
  subjectId: string;
  scopeId: string;
  purposeId: string;
  attributes: Record<string, string>;
}

/**
 * Gives entries that a rule made of a decision the attributes of that decision, such as the data source a yes was bound to
 * (C23), beside their own. Costs nothing where nobody but people decide.
 */
export async function keepAttributes(tx: Transaction, entries: readonly LedgerEntry[]): Promise<void> {
  const following = entries.filter(followsFromRule);
  if (following.length === 0) return;
  const distinct = (of: (entry: LedgerEntry) => string): string[] => [...new Set(following.map(of))];
  const { rows } = await tx.query<Row>(READ, [
    distinct(({ subjectId }) => subjectId),
    distinct(({ purposeId }) => purposeId),
    [...BY_ITSELF],
  ]);
  const known = new Map(rows.map((row) => [tripleKey(row), row.attributes]));
  for (const entry of entries) {
    const triple = tripleKey({ subjectId: entry.subjectId, scopeId: entry.scope.id, purposeId: entry.purposeId });
    if (followsFromRule(entry)) entry.attributes = { ...known.get(triple), ...entry.attributes };
    else if (entry.effective) known.set(triple, entry.attributes);
  }
}
