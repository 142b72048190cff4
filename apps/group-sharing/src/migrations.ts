import { type MigrationSet } from '@consent/postgres';

/** The tables of this service. Those of the guard come before them, from decision-consumer. */
export const migrations: MigrationSet[] = [{ name: 'group-sharing', dir: new URL('../migrations/', import.meta.url) }];
