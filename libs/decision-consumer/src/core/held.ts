import { type EffectCount, type Outcome } from '@consent/events';

/** What the system's database says of one (subject, scope, purpose). */
export interface HeldState {
  readonly version: number;
  readonly decisionId: string;
  readonly allowed: boolean;
  readonly outcome: Outcome;
  readonly reason: string | null;
  readonly effects: readonly EffectCount[];
  /** Epoch ms. */
  readonly appliedAt: number;
}

/** A record that waits for someone to release it. */
export interface ParkedRow {
  readonly id: string;
  readonly subjectId: string;
  /** These four are null for an unreadable record: the whole subject waits. */
  readonly scopeId: string | null;
  readonly purposeId: string | null;
  readonly decisionId: string | null;
  readonly version: number | null;
  readonly reason: string;
}

/** What the database held when the chunk's rows were locked. */
export interface Held {
  /** By `tripleKey`. */
  readonly states: ReadonlyMap<string, HeldState>;
  /** By subject: the version at which it was erased. */
  readonly floors: ReadonlyMap<string, number>;
  /** By subject. */
  readonly parked: ReadonlyMap<string, readonly ParkedRow[]>;
}
