import { type PartitionOffset } from '@consent/kafka';
import { plainArray, textArray, type Transaction } from '@consent/postgres';

/** A step of the applied cursor. */
export interface CursorMove extends PartitionOffset {
  /** Where this process last saw the cursor. */
  seen: number;
}

/** The database's cursor is behind what this process wrote: it was restored to an older state under its feet. */
export class CursorBehindError extends Error {
  override name = 'CursorBehindError';
}

const MOVE = `
  UPDATE partition_cursor c SET next_offset = greatest(c.next_offset, m.next_offset)
  FROM unnest($1::text[], $2::int[], $3::bigint[], $4::bigint[]) AS m (topic, partition, next_offset, seen)
  WHERE c.topic = m.topic AND c.partition = m.partition AND c.next_offset >= m.seen`;

/** @throws CursorBehindError */
export async function moveCursors(tx: Transaction, moves: readonly CursorMove[]): Promise<void> {
  if (moves.length === 0) return;
  const { rowCount } = await tx.query(
    MOVE,
    [
      textArray(moves.map((m) => m.topic)),
      plainArray(moves.map((m) => m.partition)),
      plainArray(moves.map((m) => m.offset)),
      plainArray(moves.map((m) => m.seen)),
    ],
    'move-cursors',
  );
  if (rowCount !== moves.length)
    throw new CursorBehindError(
      `${moves.length - rowCount} of ${moves.length} applied cursors are behind what this process wrote`,
    );
}

/** The applied cursors of the partitions; -1 where none was written yet. Makes sure that each has a row. */
export async function readCursors(
  tx: Transaction,
  topic: string,
  partitions: readonly number[],
): Promise<Map<number, number>> {
  await tx.query(
    `INSERT INTO partition_cursor (topic, partition, next_offset) SELECT $1, p, -1 FROM unnest($2::int[]) AS p
     ON CONFLICT DO NOTHING`,
    [topic, plainArray(partitions)],
  );
  const { rows } = await tx.query<{ partition: number; next_offset: number }>(
    'SELECT partition, next_offset::float8 AS next_offset FROM partition_cursor WHERE topic = $1 AND partition = ANY ($2::int[])',
    [topic, plainArray(partitions)],
  );
  return new Map(rows.map((row) => [row.partition, row.next_offset]));
}

/** Sets a cursor whatever it was: the topic itself is another one. */
export async function setCursor(tx: Transaction, { topic, partition, offset }: PartitionOffset): Promise<void> {
  await tx.query('UPDATE partition_cursor SET next_offset = $3 WHERE topic = $1 AND partition = $2', [
    topic,
    partition,
    offset,
  ]);
}
