import { createDataSource, type MigrationSet } from '@consent/postgres';
import { testDatabase } from '@consent/testing';
import { type DataSource } from 'typeorm';
import { decisionConsumerMigrations } from '../migrations.js';

/** What a system really does about a triple, as its view `effective_state` tells. */
export interface EffectiveRow {
  scope_id: string;
  purpose_id: string;
  allowed: boolean;
  /** As pg gives a bigint. */
  version: string;
  /** Parked, and closed meanwhile. */
  held_back: boolean;
}

export interface SystemDatabase {
  /** Under the role that the service uses. */
  dataSource: DataSource;
  /** By purpose, then by scope. */
  effectiveState(subjectId: string): Promise<EffectiveRow[]>;
  drop(): Promise<void>;
}

/** A database for one spec, with the guard's tables and those of the system. Needs TEST_DATABASE_URL. */
export async function systemDatabase(migrations: readonly MigrationSet[]): Promise<SystemDatabase> {
  const database = await testDatabase({ migrations: [decisionConsumerMigrations, ...migrations] });
  const dataSource = await createDataSource({ url: database.appUrl, applicationName: 'spec' }).initialize();
  return {
    dataSource,
    effectiveState: (subjectId) =>
      dataSource.query<EffectiveRow[]>(
        `SELECT scope_id, purpose_id, allowed, version, held_back FROM effective_state
         WHERE subject_id = $1 ORDER BY purpose_id, scope_id`,
        [subjectId],
      ),
    async drop() {
      await dataSource.destroy();
      await database.drop();
    },
  };
}
