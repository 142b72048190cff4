import { type DataSource } from 'typeorm';
import { type Transaction, withTransaction } from '@consent/postgres';

/** What a supplying operator says of one line. */
export interface FeedLine {
  subjectId: string;
  lineId: string;
  listable: boolean;
  /** The supplier's own id of this statement; said twice, it is answered as the first time. Of another statement it is no id. */
  sourceEventId: string;
  /** As of when the supplier says so, epoch milliseconds. */
  asOf: number;
}

/**
 * What came of it.
 * resurrection_blocked: the supplier calls listable what is closed here, and it stays closed. no_grant: the same for a
 * line of which nothing was ever decided. closed: a listed line is listed no more, nor is one that is held back once
 * it is released. recorded_otherwise: the id is that of
 * another statement; a line that this one calls not listable is closed all the same.
 */
export type FeedOutcome =
  'already_listed' | 'already_unlisted' | 'closed' | 'resurrection_blocked' | 'no_grant' | 'recorded_otherwise';

/**
 * Takes in a supplier's statements. A feed can close a listing; it can never open one, whatever it says and however late
 * (CJEU C-129/21). Each statement is kept with its outcome.
 * @returns one outcome a line, in the order given
 */
export const takeFeed = (
  dataSource: DataSource,
  supplier: string,
  lines: readonly FeedLine[],
): Promise<FeedOutcome[]> =>
  withTransaction(dataSource, async (tx) => {
    await tx.query(LOCK, [lines.map(({ subjectId }) => subjectId), lines.map(({ lineId }) => lineId)]);
    // What the same feed closes comes first, so that it cannot be called listed a line further on.
    const closings = lines.filter(({ listable }) => !listable);
    await record(tx, supplier, closings, CLOSE);
    await record(tx, supplier, closings, CLOSE_CONTRADICTING);
    const openings = lines.filter(({ listable }) => listable);
    await record(tx, supplier, openings, REFUSE_TO_OPEN);
    await record(tx, supplier, openings, KEEP_CONTRADICTING);
    return outcomesOf(tx, supplier, lines);
  });

// Decisions on these lines wait, and so do hand-overs: all three lock the permissions first, in this order.
const LOCK = `
  SELECT FROM permission_in_force
  WHERE (subject_id, scope_id) IN (SELECT * FROM unnest($1::uuid[], $2::uuid[]))
  ORDER BY subject_id, scope_id, purpose_id
  FOR UPDATE`;

/** Statements not heard before, each with what is held of its line. */
const HEARD = `
  WITH said AS (
    SELECT DISTINCT ON (source_event_id) *
    FROM unnest($2::text[], $3::uuid[], $4::uuid[], $5::float8[]) AS line (source_event_id, subject_id, line_id, as_of)
    WHERE NOT EXISTS (
      SELECT FROM feed_event AS event
      WHERE event.supplier = $1 AND event.source_event_id = line.source_event_id
    )
    ORDER BY source_event_id
  ),
  line AS (
    SELECT said.*,
      count(listing.line_id) > 0 AS decided,
      coalesce(bool_or(listing.offered AND NOT listing.closed_by_feed), false) AS open,
      coalesce(bool_or(state.allowed), false) AS listed,
      max(listing.version) AS version
    FROM said
    LEFT JOIN listing
      ON (listing.subject_id, listing.line_id, listing.part) = (said.subject_id, said.line_id, 'contact')
    LEFT JOIN effective_state AS state
      ON (state.subject_id, state.scope_id, state.purpose_id) = (listing.subject_id, listing.line_id, listing.purpose_id)
    GROUP BY said.source_event_id, said.subject_id, said.line_id, said.as_of
  )`;

const keep = (listable: boolean, outcome: string): string => `
  INSERT INTO feed_event (supplier, source_event_id, subject_id, line_id, listable, as_of, outcome, version)
  SELECT $1, source_event_id, subject_id, line_id, ${listable}, to_timestamp(as_of / 1000), ${outcome}, version
  FROM line
  ON CONFLICT DO NOTHING`;

/** Newest grant of each line that is parked: of a first one there is no listing yet. */
const PARKED = `parked AS (
    SELECT DISTINCT ON (waiting.subject_id, waiting.scope_id) waiting.*
    FROM parked_triple AS waiting
    WHERE waiting.purpose_id = 'directory-contact-listing'
      AND (waiting.subject_id, waiting.scope_id) IN (SELECT subject_id, line_id FROM line)
    ORDER BY waiting.subject_id, waiting.scope_id, waiting.version DESC
  )`;

// What is not offered too: it may be a grant that is parked, or that the facts close for a while. Released, that grant is older
// than the closing.
const CLOSED = `${PARKED},
  closed AS (
    UPDATE listing SET closed_by_feed = true, closed_by_feed_at = greatest(listing.version, parked.version)
    FROM line LEFT JOIN parked ON (parked.subject_id, parked.scope_id) = (line.subject_id, line.line_id)
    WHERE (listing.subject_id, listing.line_id) = (line.subject_id, line.line_id)
      AND listing.part = 'contact'
  ),
  closed_first AS (
    INSERT INTO listing
      (subject_id, line_id, purpose_id, part, offered, version, decision_id, closed_by_feed, closed_by_feed_at)
    SELECT subject_id, scope_id, purpose_id, 'contact', false, version, decision_id, true, version FROM parked
    WHERE NOT EXISTS (
      SELECT FROM listing
      WHERE (listing.subject_id, listing.line_id, listing.purpose_id)
        = (parked.subject_id, parked.scope_id, parked.purpose_id)
    )
    ON CONFLICT (subject_id, line_id, purpose_id) DO UPDATE
      SET closed_by_feed = true, closed_by_feed_at = greatest(listing.version, excluded.version)
  )`;

const CLOSE = `${HEARD},
  ${CLOSED}
  ${keep(false, `CASE WHEN open THEN 'closed' ELSE 'already_unlisted' END`)}`;

const REFUSE_TO_OPEN = `${HEARD}
  ${keep(true, `CASE WHEN listed THEN 'already_listed' WHEN decided THEN 'resurrection_blocked' ELSE 'no_grant' END`)}`;

/** Statements whose id is that of another one, not heard before: what is said twice closes once. */
const contradicting = (listable: boolean): string => `
  WITH line AS (
    SELECT said.*, to_timestamp(said.as_of / 1000) AS said_at
    FROM unnest($2::text[], $3::uuid[], $4::uuid[], $5::float8[]) AS said (source_event_id, subject_id, line_id, as_of)
    JOIN feed_event AS event ON event.supplier = $1 AND event.source_event_id = said.source_event_id
    WHERE (event.subject_id, event.line_id, event.listable, event.as_of)
      <> (said.subject_id, said.line_id, ${listable}, to_timestamp(said.as_of / 1000))
      AND NOT EXISTS (
        SELECT FROM feed_contradiction AS kept
        WHERE (kept.supplier, kept.source_event_id, kept.subject_id, kept.line_id, kept.listable, kept.as_of)
          = ($1, said.source_event_id, said.subject_id, said.line_id, ${listable}, to_timestamp(said.as_of / 1000))
      )
  )`;

const keepContradicting = (listable: boolean): string => `
  INSERT INTO feed_contradiction (supplier, source_event_id, subject_id, line_id, listable, as_of)
  SELECT $1, source_event_id, subject_id, line_id, ${listable}, said_at FROM line
  ON CONFLICT DO NOTHING`;

const CLOSE_CONTRADICTING = `${contradicting(false)}, ${CLOSED} ${keepContradicting(false)}`;
const KEEP_CONTRADICTING = `${contradicting(true)} ${keepContradicting(true)}`;

async function record(tx: Transaction, supplier: string, lines: readonly FeedLine[], statement: string): Promise<void> {
  if (lines.length === 0) return;
  await tx.query(statement, valuesOf(supplier, lines));
}

async function outcomesOf(tx: Transaction, supplier: string, lines: readonly FeedLine[]): Promise<FeedOutcome[]> {
  const { rows } = await tx.query<{ n: string; outcome: FeedOutcome }>(
    `SELECT said.n, CASE WHEN (event.subject_id, event.line_id, event.listable, event.as_of)
                           = (said.subject_id, said.line_id, said.listable, to_timestamp(said.as_of / 1000))
                    THEN event.outcome ELSE 'recorded_otherwise' END AS outcome
     FROM unnest($2::text[], $3::uuid[], $4::uuid[], $5::float8[], $6::boolean[]) WITH ORDINALITY
       AS said (source_event_id, subject_id, line_id, as_of, listable, n)
     JOIN feed_event AS event ON event.supplier = $1 AND event.source_event_id = said.source_event_id`,
    [...valuesOf(supplier, lines), lines.map(({ listable }) => listable)],
  );
  const outcomes = new Map(rows.map(({ n, outcome }) => [Number(n), outcome]));
  return lines.map(({ sourceEventId }, place) => {
    const outcome = outcomes.get(place + 1);
    if (!outcome) throw new Error(`Feed event ${sourceEventId} of ${supplier} was not kept`);
    return outcome;
  });
}

const valuesOf = (supplier: string, lines: readonly FeedLine[]): unknown[] => [
  supplier,
  lines.map(({ sourceEventId }) => sourceEventId),
  lines.map(({ subjectId }) => subjectId),
  lines.map(({ lineId }) => lineId),
  lines.map(({ asOf }) => asOf),
];
