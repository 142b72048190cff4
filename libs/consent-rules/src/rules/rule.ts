import { type OtherPurposes, type Purpose, type ReasonCode, type Status, type SubjectFacts } from '../types.js';

/** The decision in force. */
export interface Decided {
  status: Status;
  decidedAt: number;
  /** Of a consent for an event: for how long it was asked, ISO 8601 (C12); null where the decision names no period. */
  announcedPeriod: string | null;
  /** What the state says of it, as last published; absent of a decision that is being made. */
  publishedReason?: ReasonCode;
  /** Of a request that waits for a confirmation: until when, epoch ms. */
  confirmBy?: number | null;
}

/** What a rule judges. Rules see only what is open by decision or by default: they can close, never open. */
export interface Case extends OtherPurposes {
  purpose: Purpose;
  /** null: open by default, nobody decided. */
  decided: Decided | null;
  facts: SubjectFacts;
  /** Epoch ms. */
  now: number;
}

/**
 * null: the rule does not speak of this case.
 * passes: it does, and has nothing against it.
 * closes: not allowed, and why; `until` when it will open again by itself.
 * opensUntil: allowed now, but will close (or change its reason) by itself at that moment; `reason` replaces the word
 * for why it is open.
 */
export type Verdict =
  null | 'passes' | { closes: ReasonCode; until?: number } | { opensUntil: number; reason?: ReasonCode };

export interface Rule {
  name: RuleName;
  /** Rows of the decisions on the statement's ambiguities that the rule carries out; docs/decisions.md tells them. */
  decisions: readonly string[];
  judge: (c: Case) => Verdict;
}

export type RuleName =
  | 'scope-valid'
  | 'brand-gate'
  | 'role-covered'
  | 'minor-not-profiled'
  | 'consent-clock'
  | 'contract-clock'
  | 'full-marketing-objection'
  | 'refused-in-another-role'
  | 'prerequisites-open';
