import {
  type BundleSaid,
  type Catalogue,
  type LedgerEntry,
  type Purpose,
  type SubjectView,
} from '@consent/consent-rules';
import { type LedgerRow } from '../ledger/ledger-row.js';
import { ledgerRowToEntry } from '../ledger/ledger-row-to-decision.js';
import { type Reader } from '../ledger/read-positions.js';
import { SubjectDraft } from '../subjects/subject-draft.js';
import { factsThen, type FactsThen } from './facts-then.js';
import { readKnownThen } from './read-known-then.js';
import { withPrerequisites } from './with-prerequisites.js';

/** What was decided about a purpose and what it stands on, until a moment, under the facts known by then. */
export interface Past extends Pick<FactsThen, 'factsAt' | 'knownAs' | 'sourceOf'> {
  view: SubjectView;
  /** Epoch ms: before, some of what was known of the subject has been overwritten; null: all of it is kept. */
  knownSince: number | null;
  /** Oldest first. */
  ledger: LedgerEntry[];
  /** Oldest first. */
  bundles: BundleSaid[];
  /** Positions in the ledger, by decision id. */
  positions: ReadonlyMap<string, number>;
}

const READ = `
SELECT * FROM ledger
 WHERE subject_id = $1 AND purpose_id = ANY ($2::text[])
   AND ($3::float8 IS NULL OR committed_at <= to_timestamp($3 / 1000))
 ORDER BY version`;

/**
 * A subject as it stood at a moment: states folded from the ledger until then, under the facts, the scopes and the
 * objections to all marketing that were recorded by then.
 * @param at epoch ms, past or future; null: all that there is, whatever the clocks say
 * @param gates whether what opens a kind of data to the purpose is read too
 */
export async function readPast(
  reader: Reader,
  subjectId: string,
  purpose: Purpose,
  catalogue: Catalogue,
  at: number | null,
  gates: boolean,
): Promise<Past> {
  const [known, { rows }] = await Promise.all([
    readKnownThen(reader, subjectId, at),
    reader.query<LedgerRow>(
      READ,
      [subjectId, [...withPrerequisites([purpose.id], catalogue, { gates })], at],
      'read-past',
    ),
  ]);
  const { facts, scopes, factsAt, knownAs, sourceOf } = factsThen(known);
  const ledger = rows.map(ledgerRowToEntry);
  const draft = new SubjectDraft(subjectId, 0, facts, scopes, []);
  for (const entry of ledger) draft.apply(entry);
  return {
    view: draft.view(),
    factsAt,
    knownAs,
    sourceOf,
    knownSince: known.knownSince,
    ledger,
    bundles: known.bundles,
    positions: new Map(rows.map(({ decision_id, position }) => [decision_id, Number(position)])),
  };
}
