import { type DataSource } from 'typeorm';
import { type DecisionConsumer } from '../decision-consumer.js';

/** How many parked records were tried again, and how many wait still. */
export interface Redriven {
  tried: number;
  released: number;
  parked: number;
}

const AT_ONCE = 200;

/** Releases everything that is parked now, or what is parked for one reason, oldest first. */
export async function redrive(
  consumer: Pick<DecisionConsumer, 'release'>,
  dataSource: DataSource,
  reason: string | null,
): Promise<Redriven> {
  const total: Redriven = { tried: 0, released: 0, parked: 0 };
  for (let after = '0'; ;) {
    const rows = await dataSource.query<{ id: string }[]>(
      `SELECT id::text FROM parked_decision
       WHERE outcome IS NULL AND id > $1 AND ($2::text IS NULL OR reason = $2) ORDER BY id LIMIT ${AT_ONCE}`,
      [after, reason],
    );
    const last = rows.at(-1);
    if (last === undefined) return total;
    after = last.id;
    const tried = await consumer.release(rows.map(({ id }) => id));
    total.tried += tried.length;
    total.parked += tried.filter(({ outcome }) => outcome === 'parked').length;
    total.released = total.tried - total.parked;
  }
}
