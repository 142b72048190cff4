import { migrate } from '@consent/postgres';
import { migrateJob } from '@consent/service-host';
import { consentMigrations } from './migrations.js';

await migrateJob((target) => migrate({ ...target, migrations: [consentMigrations] }));
