/** Nest's injection tokens of what has no class of its own. */
export const DATA_SOURCE = Symbol('data source of the ledger');
/** Of the same database, with sessions for looking subjects up: questions wait for no batch. */
export const LOOKUPS = Symbol('data source of lookups');
export const CATALOGUE = Symbol('catalogue of purposes');
