import { type PartitionOffset } from '@consent/kafka';
import { plainArray, type Transaction } from '@consent/postgres';

const MOVE = `
INSERT INTO read_cursor (topic, partition, next_offset)
SELECT * FROM unnest($1::text[], $2::smallint[], $3::bigint[])
ON CONFLICT (topic, partition) DO UPDATE SET next_offset = excluded.next_offset`;

/** Where reading goes on, per partition. Going back re-reads, which changes nothing: stored findings merge with themselves. */
export async function moveCursors(tx: Transaction, cursors: readonly PartitionOffset[]): Promise<void> {
  const ordered = cursors.toSorted((a, b) =>
    a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1,
  );
  await tx.query(
    MOVE,
    [
      plainArray(ordered.map(({ topic }) => topic)),
      plainArray(ordered.map(({ partition }) => partition)),
      plainArray(ordered.map(({ offset }) => offset)),
    ],
    'move-cursors',
  );
}

export async function readCursors(query: Pick<Transaction, 'query'>): Promise<PartitionOffset[]> {
  const { rows } = await query.query<{ topic: string; partition: number; next_offset: string }>(
    'SELECT topic, partition, next_offset FROM read_cursor',
  );
  return rows.map(({ topic, partition, next_offset }) => ({ topic, partition, offset: Number(next_offset) }));
}
