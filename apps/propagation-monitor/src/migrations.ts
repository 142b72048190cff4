import { type MigrationSet } from '@consent/postgres';

/** Read from the package folder, from src and dist alike. */
export const migrations: MigrationSet[] = [
  { name: 'propagation-monitor', dir: new URL('../migrations', import.meta.url) },
];
