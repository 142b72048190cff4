import { type DataSource } from 'typeorm';

const KEEP = '7 days';

/** Forgets keys that are too old for an honest second attempt. Returns how many. */
export async function pruneKeys(dataSource: DataSource): Promise<number> {
  const [, removed] = await dataSource.query<[unknown[], number]>(
    `DELETE FROM idempotency_key WHERE created_at < clock_timestamp() - $1::interval`,
    [KEEP],
  );
  return removed;
}
