import { decisionConsumerMigrations } from '@consent/decision-consumer';
import { type MigrationSet } from '@consent/postgres';

/** What the database of this service is made of, in order: the guard's tables, then its own. */
export const migrations: MigrationSet[] = [
  decisionConsumerMigrations,
  { name: 'pickx-ad-targeting', dir: new URL('../migrations/', import.meta.url) },
];
