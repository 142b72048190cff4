import { type Reader } from '../ledger/read-positions.js';
import { type DueNow } from './clock-metrics.js';

const READ = `
SELECT subjects, coalesce(greatest($1::float8 / 1000 - extract(epoch FROM oldest), 0), 0)::float8 AS "oldestAge", objections, overdue
  FROM (SELECT count(*)::int AS subjects, min(greatest(due_at, due_known_at)) AS oldest
          FROM subject WHERE due_at <= to_timestamp($1::float8 / 1000)) AS due,
       (SELECT count(*)::int AS objections,
               (count(*) FILTER (WHERE reply_by <= to_timestamp($1::float8 / 1000)))::int AS overdue
          FROM objection WHERE closed_at IS NULL) AS replies`;

/** What is due at `now` (epoch ms), and what waits for a reply. */
export async function readDue(reader: Reader, now: number): Promise<DueNow> {
  const { rows } = await reader.query<DueNow>(READ, [now]);
  if (!rows[0]) throw new Error('Nothing was counted');
  return rows[0];
}
