import { runMigrations } from '@consent/decision-consumer';
import { migrations } from './migrations.js';

const done = await runMigrations(migrations);
console.log(done.length === 0 ? 'Nothing to migrate' : `Migrated: ${done.join(', ')}`);
