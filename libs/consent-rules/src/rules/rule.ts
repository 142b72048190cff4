import { type PrerequisiteLookup, type Purpose, type ReasonCode, type Status, type SubjectFacts } from '../types.js';

/** The decision in force. */
export interface Decided {
  status: Status;
  decidedAt: number;
  /** Of a request that waits for a confirmation: until when, epoch ms. */
  confirmBy?: number | null;
}

/** What a rule judges. Rules see only what is open by decision or by default: they can close, never open. */
export interface Case {
  purpose: Purpose;
  /** null: open by default, nobody decided. */
  decided: Decided | null;
  facts: SubjectFacts;
  /** Epoch ms. */
  now: number;
  prerequisites: PrerequisiteLookup;
}

/**
 * null: the rule has nothing against it.
 * closes: not allowed, and why; `until` when it will open again by itself.
 * opensUntil: allowed now, but will close (or change its reason) by itself at that moment; `reason` replaces the word
 * for why it is open.
 */
export type Verdict = null | { closes: ReasonCode; until?: number } | { opensUntil: number; reason?: ReasonCode };

export type Rule = (c: Case) => Verdict;
