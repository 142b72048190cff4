import { type DataSource } from 'typeorm';
import { type Reader } from './read-positions.js';

/** Reads outside of a transaction, through TypeORM. */
export const readerOf = (dataSource: DataSource): Reader => ({
  async query<R>(text: string, values: readonly unknown[] = []) {
    const rows = await dataSource.query<R[]>(text, [...values]);
    return { rows, rowCount: rows.length };
  },
});
