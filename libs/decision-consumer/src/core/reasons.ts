/** Reason codes of acknowledgements and parked rows. */
export const REASONS = {
  /** At or below the version at which the subject was erased. */
  belowFloor: 'below_floor',
  /** The system has no rule for the purpose. */
  noHandler: 'no_handler',
  /** Another decision has the same version. */
  sameVersion: 'same_version',
  /** A repair that opens must be the ledger's newest decision. */
  notLedgerHead: 'not_ledger_head',
  /** An opening behind something parked. */
  waitsForParked: 'waits_for_parked',
  /** The system's own effect, or its rule, failed for good. */
  effectFailed: 'effect_failed',
  /** The value is not a decision in the wire format. */
  undecodable: 'undecodable',
  /** A decision whose ids, version or purpose are not what the wire promises. */
  malformed: 'malformed',
  /** The key is not the decision's subject. */
  keyMismatch: 'key_mismatch',
} as const;
