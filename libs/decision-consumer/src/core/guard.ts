import { type ConsentDecision, opens } from '@consent/events';
import { type Arrival, type Entry } from './arrival.js';
import { type ParkedRow } from './held.js';

/** What is in force so far: what the database holds, or what an earlier decision of the same chunk left. */
export interface InForce {
  readonly version: number;
  readonly decisionId: string;
  readonly allowed: boolean;
}

/** What else bears on one (subject, scope, purpose). */
export interface Surroundings {
  /** The subject's erasure floor; 0 when it was not erased. */
  readonly floor: number;
  /** False when the system has no rule for the purpose. */
  readonly purposeKnown: boolean;
  /** Parked rows of the triple, and unreadable ones of the subject, that this chunk does not release. */
  readonly parked: readonly ParkedRow[];
  /** The decision held is parked, too: a repair could not apply it again. Whatever the chunk does, it is not applied until it has been tried. */
  readonly heldIsParked: boolean;
  /** Arrivals of the chunk before which an unreadable record of their subject came. */
  readonly behindUnreadable: ReadonlySet<Entry>;
}

export type Admission =
  'admitted' | 'below-floor' | 'older' | 'duplicate' | 'conflict' | 'parked' | 'evidence' | 'not-ledger-head' | 'waits';

/** Whether the system may do what the decision says. An unknown purpose is closed. */
export const mayOpen = (decision: ConsentDecision, { purposeKnown }: Surroundings): boolean =>
  purposeKnown && opens(decision);

/**
 * Higher applies; same is a duplicate; same version with another id is a conflict; a closing waits for nothing.
 * @param held what the database holds
 * @param newest what an earlier decision of the chunk would leave in force instead
 */
export function guard(arrival: Arrival, held: InForce | null, newest: InForce | null, around: Surroundings): Admission {
  const { decision, replay } = arrival;
  const inForce = newest ?? held;
  if (decision.version <= around.floor) return 'below-floor';
  if (inForce !== null && decision.version < inForce.version) return 'older';
  const isHeld = newest === null && decision.decisionId === inForce?.decisionId;
  const isUnapplied = isHeld && around.heldIsParked;
  if (inForce !== null && decision.version === inForce.version && !isUnapplied) {
    // A repair asserts the ledger's truth at the version held, once.
    if (replay?.mode !== 'repair' || newest !== null)
      return decision.decisionId === inForce.decisionId ? 'duplicate' : 'conflict';
  }
  if (around.parked.some(({ decisionId }) => decisionId === decision.decisionId)) return 'parked';
  // Kept as evidence beside a newer grant: what is in force stays in force. Where nothing is open it is one more closing.
  if (!decision.effective && inForce?.allowed === true) return 'evidence';
  if (!mayOpen(decision, around)) return 'admitted';
  if (replay?.mode === 'repair' && !replay.ledgerHead) return isHeld && !isUnapplied ? 'duplicate' : 'not-ledger-head';
  return waits(arrival, newest, around) ? 'waits' : 'admitted';
}

/** An opening waits for what is parked, unless an earlier closing of the chunk, or the ledger's word that it is the newest, supersedes that. */
function waits(arrival: Arrival, newest: InForce | null, around: Surroundings): boolean {
  if (around.behindUnreadable.has(arrival)) return true;
  const supersededBelow = arrival.replay?.mode === 'repair' ? arrival.decision.version + 1 : (newest?.version ?? 0);
  return around.parked.some(({ version }) => version === null || version >= supersededBelow);
}
