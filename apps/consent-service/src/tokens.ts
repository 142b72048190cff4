/** Nest's injection tokens of what has no class of its own. */
export const DATA_SOURCE = Symbol('data source of the ledger');
export const CATALOGUE = Symbol('catalogue of purposes');
