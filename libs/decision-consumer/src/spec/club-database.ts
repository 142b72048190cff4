import { createDataSource, withTransaction } from '@consent/postgres';
import { testDatabase, type TestDatabase } from '@consent/testing';
import { type DataSource } from 'typeorm';
import { decisionConsumerMigrations } from '../migrations.js';
import { clubMigrations } from './club.js';

export interface ClubDatabase {
  database: TestDatabase;
  dataSource: DataSource;
  /** Rows of any query, as the application role. */
  rows<R>(sql: string, values?: readonly unknown[]): Promise<R[]>;
  clear(): Promise<void>;
  drop(): Promise<void>;
}

/** A database of its own with the guard's tables and the club's. */
export async function clubDatabase(): Promise<ClubDatabase> {
  const database = await testDatabase({ migrations: [decisionConsumerMigrations, clubMigrations] });
  const dataSource = createDataSource({ url: database.appUrl, applicationName: 'spec', poolSize: 4 });
  await dataSource.initialize();
  return {
    database,
    dataSource,
    rows: async <R>(sql: string, values: readonly unknown[] = []) =>
      (await withTransaction(dataSource, (tx) => tx.query<R>(sql, values))).rows,
    async clear() {
      await dataSource.query('DELETE FROM member');
      await dataSource.query('DELETE FROM decision_state');
      await dataSource.query('DELETE FROM parked_decision');
      await dataSource.query('DELETE FROM partition_cursor');
      await dataSource.query('DELETE FROM subject_floor');
    },
    async drop() {
      await dataSource.destroy();
      await database.drop();
    },
  };
}
