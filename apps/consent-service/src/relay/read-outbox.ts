import { type Pool } from 'pg';
import { type OutboxLane } from './relay-metrics.js';

const READ = `
SELECT name AS lane, count(outbox.id)::int AS rows,
       coalesce(extract(epoch FROM clock_timestamp() - min(outbox.created_at)), 0)::float8 AS "oldestAge"
  FROM (VALUES (0, 'live'), (1, 'bulk')) AS lanes (number, name)
  LEFT JOIN outbox ON outbox.lane = lanes.number
 GROUP BY name ORDER BY name DESC`;

/** How much waits in each lane, and for how long. */
export const readOutbox = async (pool: Pool): Promise<OutboxLane[]> => (await pool.query<OutboxLane>(READ)).rows;
