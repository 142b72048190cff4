import { type DataSource } from 'typeorm';
import { type Transaction, withTransaction } from '@consent/postgres';

/** What a supplying operator says of one line. */
export interface FeedLine {
  subjectId: string;
  lineId: string;
  listable: boolean;
  /** The supplier's own id of this statement; said twice, it is answered as the first time. */
  sourceEventId: string;
  /** As of when the supplier says so, epoch milliseconds. */
  asOf: number;
}

/**
 * What came of it.
 * resurrection_blocked: the supplier calls listable what is closed here, and it stays closed. no_grant: the same for a
 * line of which nothing was ever decided. closed: a listed line is listed no more.
 */
export type FeedOutcome = 'already_listed' | 'already_unlisted' | 'closed' | 'resurrection_blocked' | 'no_grant';

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
    await record(
      tx,
      supplier,
      lines.filter(({ listable }) => !listable),
      CLOSE,
    );
    await record(
      tx,
      supplier,
      lines.filter(({ listable }) => listable),
      REFUSE_TO_OPEN,
    );
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
      coalesce(bool_or(listing.offered AND NOT listing.closed_by_feed), false) AS listed,
      max(listing.version) AS version
    FROM said
    LEFT JOIN listing
      ON (listing.subject_id, listing.line_id, listing.part) = (said.subject_id, said.line_id, 'contact')
    GROUP BY said.source_event_id, said.subject_id, said.line_id, said.as_of
  )`;

const keep = (listable: boolean, outcome: string): string => `
  INSERT INTO feed_event (supplier, source_event_id, subject_id, line_id, listable, as_of, outcome, version)
  SELECT $1, source_event_id, subject_id, line_id, ${listable}, to_timestamp(as_of / 1000), ${outcome}, version
  FROM line
  ON CONFLICT DO NOTHING`;

const CLOSE = `${HEARD},
  closed AS (
    UPDATE listing SET closed_by_feed = true
    FROM line
    WHERE (listing.subject_id, listing.line_id) = (line.subject_id, line.line_id)
      AND listing.part = 'contact' AND listing.offered
  )
  ${keep(false, `CASE WHEN listed THEN 'closed' ELSE 'already_unlisted' END`)}`;

const REFUSE_TO_OPEN = `${HEARD}
  ${keep(true, `CASE WHEN listed THEN 'already_listed' WHEN decided THEN 'resurrection_blocked' ELSE 'no_grant' END`)}`;

async function record(tx: Transaction, supplier: string, lines: readonly FeedLine[], statement: string): Promise<void> {
  if (lines.length === 0) return;
  await tx.query(statement, [
    supplier,
    lines.map(({ sourceEventId }) => sourceEventId),
    lines.map(({ subjectId }) => subjectId),
    lines.map(({ lineId }) => lineId),
    lines.map(({ asOf }) => asOf),
  ]);
}

async function outcomesOf(tx: Transaction, supplier: string, lines: readonly FeedLine[]): Promise<FeedOutcome[]> {
  const { rows } = await tx.query<{ id: string; outcome: FeedOutcome }>(
    'SELECT source_event_id AS id, outcome FROM feed_event WHERE supplier = $1 AND source_event_id = ANY ($2::text[])',
    [supplier, lines.map(({ sourceEventId }) => sourceEventId)],
  );
  const outcomes = new Map(rows.map(({ id, outcome }) => [id, outcome]));
  return lines.map(({ sourceEventId }) => {
    const outcome = outcomes.get(sourceEventId);
    if (!outcome) throw new Error(`Feed event ${sourceEventId} of ${supplier} was not kept`);
    return outcome;
  });
}
