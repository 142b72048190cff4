export { type LedgerRow } from './ledger-row.js';
export { ledgerRowToDecision, ledgerRowToEntry } from './ledger-row-to-decision.js';
export { hashOf } from './seal.js';
export { mintId } from './mint-id.js';
