import { migrate, type MigrationSet } from '@consent/postgres';
import { migrateJob } from '@consent/service-host';
import { decisionConsumerMigrations } from '../migrations.js';

/** A system's migrate job: the guard's tables, then its own. */
export const runMigrations = (migrations: readonly MigrationSet[]): Promise<void> =>
  migrateJob((target) => migrate({ ...target, migrations: [decisionConsumerMigrations, ...migrations] }));
