import { type Reader } from '../ledger/read-positions.js';
import { type DueNow } from './clock-metrics.js';

/** How many subjects are due at `now` (epoch ms), and for how long the first has been. */
export async function readDue(reader: Reader, now: number): Promise<DueNow> {
  const { rows } = await reader.query<{ subjects: number; oldest: number | null }>(
    `SELECT count(*)::int AS subjects, extract(epoch FROM min(due_at))::float8 * 1000 AS oldest
       FROM subject WHERE due_at <= to_timestamp($1::float8 / 1000)`,
    [now],
  );
  const { subjects = 0, oldest = null } = rows[0] ?? {};
  return { subjects, oldestAge: oldest === null ? 0 : Math.max(0, now - oldest) / 1_000 };
}
