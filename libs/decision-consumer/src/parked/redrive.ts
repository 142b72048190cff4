import { type DataSource } from 'typeorm';
import { type DecisionConsumer } from '../decision-consumer.js';

/** How many parked records were tried again, and how many wait still. */
export interface Redriven {
  tried: number;
  released: number;
  parked: number;
}

const AT_ONCE = 200;

/** Releases everything that is parked now, or what is parked for one reason, with its company, oldest first; each record counts once. */
export async function redrive(
  consumer: Pick<DecisionConsumer, 'release'>,
  dataSource: DataSource,
  reason: string | null,
): Promise<Redriven> {
  const parked = new Map<string, boolean>();
  for (let after = '0'; ;) {
    const rows = await dataSource.query<{ id: string }[]>(
      `SELECT id::text FROM parked_decision p
       WHERE outcome IS NULL AND p.id > $1 AND ($2::text IS NULL OR reason = $2) ORDER BY p.id LIMIT ${AT_ONCE}`,
      [after, reason],
    );
    const last = rows.at(-1);
    if (last === undefined) break;
    after = last.id;
    // What went as company of an older one has been tried.
    const ids = rows.map(({ id }) => id).filter((id) => !parked.has(id));
    if (ids.length === 0) continue;
    for (const { id, outcome } of await consumer.release(ids)) parked.set(id, outcome === 'parked');
  }
  const again = [...parked.values()].filter((isParked) => isParked).length;
  return { tried: parked.size, released: parked.size - again, parked: again };
}
