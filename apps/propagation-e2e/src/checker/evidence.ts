import { type ConsentDecision, type PropagationAcknowledgement } from '@consent/events';

/** A line of the history file: what a client saw, written before anything is judged. */
export type HistoryLine =
  | { kind: 'accepted'; decisionId: string; subjectId: string; version: number }
  /** A look at what a system really does. */
  | { kind: 'observed'; systemId: string; triple: string; version: number; allowed: boolean }
  /** The system's database was put back on purpose: what it does may go back once, and must come forward again. */
  | { kind: 'restored'; systemId: string }
  /** A process of the system, or its database server, was killed: answers that were on their way may be lost. */
  | { kind: 'killed'; systemId: string };

/** A promise that does not hold, with the ids that show it. */
export interface Violation {
  promise: string;
  detail: string;
}

export interface LedgerEntry {
  decisionId: string;
  subjectId: string;
  version: number;
  triple: string;
  allowed: boolean;
  systems: string[];
}

export interface EffectiveState {
  triple: string;
  version: number;
  allowed: boolean;
  /** Something of it is parked. */
  heldBack: boolean;
}

/** Everything the judge looks at. Nothing in here comes from a service's own judgement of itself. */
export interface Evidence {
  history: HistoryLine[];
  ledger: LedgerEntry[];
  /** consent.decisions in order of offsets, partition by partition. */
  decisions: ConsentDecision[];
  acknowledgements: PropagationAcknowledgement[];
  effectiveStates: Map<string, EffectiveState[]>;
}

export const tripleText = (subjectId: string, scopeId: string, purposeId: string): string =>
  `${subjectId}/${scopeId}/${purposeId}`;

export const subjectOf = (triple: string): string => triple.split('/', 1)[0] ?? '';
