import { type MigrationSet } from '@consent/postgres';

/** The ledger's schema; run by the migrate job, checked at start. */
export const consentMigrations: MigrationSet = {
  name: 'consent_service',
  dir: new URL('../migrations', import.meta.url),
};
