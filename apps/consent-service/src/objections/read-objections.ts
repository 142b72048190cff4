import { type Reader } from '../ledger/read-positions.js';
import { type ObjectionRow } from './objection-row.js';

export interface ObjectionQuery {
  state: 'open' | 'closed';
  /** Epoch ms; only those to be answered before then. */
  dueBefore: number | null;
  /** Id of the last one of the page before. */
  after: string | null;
  limit: number;
}

/** In the order in which they are to be answered, or were closed. */
const LIST = {
  open: `
SELECT * FROM objection
 WHERE closed_at IS NULL AND ($1::float8 IS NULL OR reply_by < to_timestamp($1 / 1000))
   AND ($2::uuid IS NULL OR (reply_by, objection_id) > (SELECT reply_by, objection_id FROM objection WHERE objection_id = $2))
 ORDER BY reply_by, objection_id LIMIT $3`,
  closed: `
SELECT * FROM objection
 WHERE closed_at IS NOT NULL AND ($1::float8 IS NULL OR reply_by < to_timestamp($1 / 1000))
   AND ($2::uuid IS NULL OR (closed_at, objection_id) > (SELECT closed_at, objection_id FROM objection WHERE objection_id = $2))
 ORDER BY closed_at, objection_id LIMIT $3`,
};

export const listObjections = async (
  reader: Reader,
  { state, dueBefore, after, limit }: ObjectionQuery,
): Promise<ObjectionRow[]> => (await reader.query<ObjectionRow>(LIST[state], [dueBefore, after, limit])).rows;

export const readObjection = async (reader: Reader, id: string): Promise<ObjectionRow | null> =>
  (await reader.query<ObjectionRow>('SELECT * FROM objection WHERE objection_id = $1', [id])).rows[0] ?? null;
