import { runMigrations } from '@consent/decision-consumer';
import { migrations } from './migrations.js';

await runMigrations(migrations);
