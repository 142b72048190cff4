import { migrate, type MigrationSet } from '@consent/postgres';
import { migrationConfig, orExit, readConfig } from '@consent/service-host';
import { decisionConsumerMigrations } from '../migrations.js';

/** A system's migrate job: the guard's tables, then its own. Reads MIGRATION_DATABASE_URL and APP_ROLE. @returns what ran */
export function runMigrations(migrations: readonly MigrationSet[]): Promise<string[]> {
  const config = orExit(() => readConfig(migrationConfig));
  return migrate({
    url: config.MIGRATION_DATABASE_URL,
    appRole: config.APP_ROLE,
    migrations: [decisionConsumerMigrations, ...migrations],
  });
}
