import { type MigrationSet } from '@consent/postgres';

/** The tables of the guard. A system's migrate job runs these before its own. */
export const decisionConsumerMigrations: MigrationSet = {
  name: 'decision-consumer',
  dir: new URL('../migrations/', import.meta.url),
};
