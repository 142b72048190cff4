export { plainArray, textArray, textElement } from './array-literals.js';
export { createDataSource, type DataSourceSettings } from './data-source.js';
export { migrate, assertMigrated, type MigrationSet } from './migrate.js';
export { readerOn, withTransaction, type Transaction, type QueryResult } from './transaction.js';
export { isTransient } from './is-transient.js';
