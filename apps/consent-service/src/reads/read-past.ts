import { type Catalogue, type LedgerEntry, type Purpose, type SubjectView } from '@consent/consent-rules';
import { type LedgerRow } from '../ledger/ledger-row.js';
import { ledgerRowToEntry } from '../ledger/ledger-row-to-decision.js';
import { type Reader } from '../ledger/read-positions.js';
import { SubjectDraft } from '../subjects/subject-draft.js';
import { withPrerequisites } from './with-prerequisites.js';

/** What was decided about a purpose and what it stands on, until a moment. */
export interface Past {
  view: SubjectView;
  /** Oldest first. */
  ledger: LedgerEntry[];
}

const READ = `
SELECT * FROM ledger
 WHERE subject_id = $1 AND purpose_id = ANY ($2::text[]) AND committed_at <= to_timestamp($3::float8 / 1000)
 ORDER BY version`;

/**
 * A subject as it stood at a moment: states folded from the ledger until then. Facts and scopes are those known now,
 * without an objection to all marketing that came later.
 * @param at epoch ms, past or future
 */
export async function readPast(
  reader: Reader,
  { subjectId, facts, scopes }: SubjectView,
  purpose: Purpose,
  catalogue: Catalogue,
  at: number,
): Promise<Past> {
  const { rows } = await reader.query<LedgerRow>(READ, [
    subjectId,
    [...withPrerequisites([purpose.id], catalogue)],
    at,
  ]);
  const ledger = rows.map(ledgerRowToEntry);
  const objectedAt = facts?.fullMarketingObjectionAt ?? null;
  const then = facts && objectedAt !== null && objectedAt > at ? { ...facts, fullMarketingObjectionAt: null } : facts;
  const draft = new SubjectDraft(subjectId, 0, then, [...scopes], []);
  for (const entry of ledger) draft.apply(entry);
  return { view: draft.view(), ledger };
}
