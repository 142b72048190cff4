import { type Catalogue, type LedgerEntry, type Purpose, type SubjectView } from '@consent/consent-rules';
import { type LedgerRow } from '../ledger/ledger-row.js';
import { ledgerRowToEntry } from '../ledger/ledger-row-to-decision.js';
import { type Reader } from '../ledger/read-positions.js';
import { SubjectDraft } from '../subjects/subject-draft.js';
import { type FactsRow, factsOf } from '../subjects/subject-row.js';
import { withPrerequisites } from './with-prerequisites.js';

/** What was decided about a purpose and what it stands on, until a moment. */
export interface Past {
  view: SubjectView;
  /** Epoch ms; when the facts of the view were registered, null before any were. */
  factsAt: number | null;
  /** Oldest first. */
  ledger: LedgerEntry[];
}

const READ = `
SELECT * FROM ledger
 WHERE subject_id = $1 AND purpose_id = ANY ($2::text[])
   AND ($3::float8 IS NULL OR committed_at <= to_timestamp($3 / 1000))
 ORDER BY version`;

const FACTS = `
SELECT recorded_at AS facts_at, brand, roles, minor, contract_start, contract_end, $3::timestamptz AS full_marketing_objection_at
  FROM facts_version
 WHERE subject_id = $1 AND ($2::float8 IS NULL OR recorded_at <= to_timestamp($2 / 1000))
 ORDER BY facts_version DESC LIMIT 1`;

/**
 * A subject as it stood at a moment: states folded from the ledger until then, under the facts registered by then. Scopes
 * are those known now, each with the time in which it is the person's.
 * @param now the subject as it is @param at epoch ms, past or future; null: all that there is, whatever the clocks say
 */
export async function readPast(
  reader: Reader,
  { subjectId, facts, scopes }: SubjectView,
  purpose: Purpose,
  catalogue: Catalogue,
  at: number | null,
): Promise<Past> {
  const objectedAt = facts?.fullMarketingObjectionAt ?? null;
  const objection = objectedAt !== null && objectedAt <= (at ?? Infinity) ? new Date(objectedAt) : null;
  const [then, { rows }] = await Promise.all([
    reader.query<FactsRow>(FACTS, [subjectId, at, objection], 'read-past-facts'),
    reader.query<LedgerRow>(READ, [subjectId, [...withPrerequisites([purpose.id], catalogue)], at], 'read-past'),
  ]);
  const known = then.rows[0] ?? { ...NOTHING_REGISTERED, full_marketing_objection_at: objection };
  const ledger = rows.map(ledgerRowToEntry);
  const draft = new SubjectDraft(subjectId, 0, factsOf(known), [...scopes], []);
  for (const entry of ledger) draft.apply(entry);
  return { view: draft.view(), factsAt: known.facts_at?.getTime() ?? null, ledger };
}

const NOTHING_REGISTERED: FactsRow = {
  facts_at: null,
  brand: null,
  roles: [],
  minor: null,
  contract_start: null,
  contract_end: null,
  full_marketing_objection_at: null,
};
