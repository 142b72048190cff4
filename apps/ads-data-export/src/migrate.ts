import { migrate } from '@consent/postgres';
import { migrationConfig, readConfig } from '@consent/service-host';
import { migrations } from './migrations.js';

const { MIGRATION_DATABASE_URL: url, APP_ROLE: appRole } = readConfig(migrationConfig);
const done = await migrate({ url, appRole, migrations });
console.log(done.length === 0 ? 'Nothing to migrate' : `Migrated: ${done.join(', ')}`);
