import { type DecisionCause, type DecisionStatus, type ScopeLevel as WireScopeLevel } from '@consent/events';

export type ScopeLevel = Exclude<WireScopeLevel, 'unknown'>;
export type Status = Exclude<DecisionStatus, 'unknown'>;
/** Who or what moves a status. Heartbeats are no decisions of the ledger. */
export type Cause = Exclude<DecisionCause, 'heartbeat' | 'unknown'>;
export type ChoiceModel = 'opt-in' | 'opt-out' | 'objection-motivated' | 'none';
/**
 * What a person is to the operator. Roles add up within a context; as a private person and as a contact of a firm one is two
 * subjects (C44).
 */
export const ROLES = ['prospect', 'customer', 'ex-customer', 'customer-professional', 'prospect-professional'] as const;
export type Role = (typeof ROLES)[number];
/** Contacts of firms; all others are private. */
export const PROFESSIONALS: readonly Role[] = ['customer-professional', 'prospect-professional'];
/** Who has a contract. */
export const CUSTOMERS: readonly Role[] = ['customer', 'customer-professional'];
export type Language = 'en' | 'nl' | 'fr';
export type Localised = Readonly<Record<Language, string>>;

export type ReasonCode =
  // open
  | 'given'
  | 'open_by_default'
  | 'objection_lifted'
  | 'objection_rejected'
  | 'no_choice'
  | 'frozen_after_contract'
  // closed by a decision
  | 'requested'
  | 'refused'
  | 'withdrawn'
  | 'expired'
  | 'revoked'
  | 'objected'
  | 'objection_under_assessment'
  // closed by a rule
  | 'closed_by_default'
  | 'evidence_older_than_closing'
  | 'purpose_unknown'
  | 'facts_missing'
  | 'brand_unknown'
  | 'brand_excluded'
  | 'role_not_covered'
  | 'minor_not_profiled'
  | 'age_unknown'
  | 'scope_not_yet_valid'
  | 'scope_ended'
  | 'consent_lapsed'
  | 'contract_ended'
  | 'no_contract'
  | 'consent_before_contract'
  | 'period_after_contract_over'
  | 'too_early_after_contract'
  | 'contract_end_unknown'
  | 'prerequisite_closed'
  | 'full_marketing_objection'
  | 'refused_in_another_role'
  | 'channel_closed'
  | 'channel_not_covered'
  | 'category_barred'
  | 'category_not_processed'
  | 'category_ended';

export interface Permission {
  allowed: boolean;
  reason: ReasonCode;
  /** Epoch ms; next moment the permission may change by itself. */
  nextChangeAt: number | null;
}

export interface ExplainedPermission extends Permission {
  sentence: Localised;
}
