import { migrate } from '@consent/postgres';
import { migrationConfig, orExit, readConfig } from '@consent/service-host';
import { consentMigrations } from './migrations.js';

const { MIGRATION_DATABASE_URL, APP_ROLE } = orExit(() => readConfig(migrationConfig));
const done = await migrate({ url: MIGRATION_DATABASE_URL, appRole: APP_ROLE, migrations: [consentMigrations] });
process.stdout.write(done.length === 0 ? 'Nothing to migrate\n' : `Migrated: ${done.join(', ')}\n`);
