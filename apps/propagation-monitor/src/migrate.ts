import { migrate } from '@consent/postgres';
import { migrateJob } from '@consent/service-host';
import { migrations } from './migrations.js';

await migrateJob((target) => migrate({ ...target, migrations }));
