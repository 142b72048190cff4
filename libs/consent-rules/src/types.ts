import {
  type ConsentDecision,
  type DecisionCause,
  type DecisionStatus,
  type Evidence,
  type Notice,
  type ScopeLevel as WireScopeLevel,
  type SystemId,
} from '@consent/events';

export type ScopeLevel = Exclude<WireScopeLevel, 'unknown'>;
export type Status = Exclude<DecisionStatus, 'unknown'>;
/** Who or what moves a status. Heartbeats are no decisions of the ledger. */
export type Cause = Exclude<DecisionCause, 'heartbeat' | 'unknown'>;
export type ChoiceModel = 'opt-in' | 'opt-out' | 'objection-motivated' | 'none';
export type Role = 'prospect' | 'customer' | 'ex-customer';
export type Language = 'en' | 'nl' | 'fr';
export type Localised = Readonly<Record<Language, string>>;

export interface Scope {
  level: ScopeLevel;
  /** UUID; for level person the subject id. */
  id: string;
}

/** What is known of the person a decision is about, resolved for the scope (an account's brand goes before the subject's). */
export interface SubjectFacts {
  brand: string | null;
  roles: readonly Role[];
  minor: boolean;
  /** Epoch ms. */
  contractStart?: number | null;
  contractEnd?: number | null;
  /** When the person objected to all marketing (section 11.5, C18, C21). */
  fullMarketingObjectionAt?: number | null;
}

/** One account, line, device or contact point of a subject. */
export interface ScopeFacts extends Scope {
  brand?: string | null;
  /** Of a contact point: which channels can reach it. Unknown means all. */
  kind?: 'phone' | 'email' | 'post' | 'app' | null;
}

/** Current state of one (subject, scope, purpose), folded from its ledger entries. */
export interface TripleState {
  /** Of the newest entry, with effect or without. */
  version: number;
  decisionId: string;
  /** Of the decision in force. */
  status: Status;
  allowed: boolean;
  reason: ReasonCode;
  nextChangeAt: number | null;
  /** Of the decision in force; null when a rule closed what was open by default and nobody has decided yet. */
  decidedAt: number | null;
  /** Newest moment at which a closing that took effect was decided; null when none did. */
  closedDecidedAt: number | null;
}

/** A decision as the ledger takes it in: all of the event but the moment of commit. */
export type LedgerEntry = Omit<
  ConsentDecision,
  'committedAt' | 'status' | 'cause' | 'scope' | 'permission' | 'direction'
> & {
  status: Status;
  cause: Cause;
  scope: Scope;
  direction: 'opening' | 'closing';
  permission: { allowed: boolean; reason: ReasonCode; nextChangeAt: number | null };
};

export interface DecideCommand {
  subjectId: string;
  scope: Scope;
  purposeId: string;
  status: Status;
  cause: Cause;
  /** Epoch ms; when the person decided. */
  decidedAt: number;
  bundleId: string | null;
  notice: Notice | null;
  evidence: Evidence;
  /** As the caller says; the brand of the facts decides. */
  brand: string | null;
  attributes: Record<string, string>;
}

/** True when the purpose is allowed for the subject of the scope in question: see `prerequisitesOf`. */
export type PrerequisiteLookup = (purposeId: string) => boolean;

export interface DecideContext {
  /** Epoch ms; becomes receivedAt. */
  now: number;
  version: number;
  decisionId: string;
  catalogueVersion: string;
  /** `catalogue.systems`: gives each concerned system its deadline. */
  systems: ReadonlyMap<SystemId, SystemDeadlines>;
  /** Not asked for a purpose without prerequisites. */
  prerequisites: PrerequisiteLookup;
}

export type RefusalCode =
  | 'purpose_without_choice'
  | 'scope_level_mismatch'
  | 'status_not_of_choice_model'
  | 'transition_not_open'
  | 'cause_not_entitled'
  | 'decided_in_the_future'
  | 'evidence_missing';

/** A move that is open from the present status. */
export interface OpenTransition {
  status: Status;
  causes: readonly Cause[];
}

export type DecideResult =
  | { kind: 'decided'; entry: LedgerEntry }
  | { kind: 'refused'; code: RefusalCode; message: string; openTransitions: readonly OpenTransition[] };

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
  | 'consent_lapsed'
  | 'contract_ended'
  | 'period_after_contract_over'
  | 'prerequisite_closed'
  | 'full_marketing_objection'
  | 'channel_closed';

export interface Permission {
  allowed: boolean;
  reason: ReasonCode;
  /** Epoch ms; next moment the permission may change by itself. */
  nextChangeAt: number | null;
}

export interface ExplainedPermission extends Permission {
  sentence: Localised;
}

/** Milliseconds a system has for a decision, counted from its reception. */
export interface SystemDeadlines {
  systemId: SystemId;
  title: Localised;
  closingMs: number;
  openingMs: number;
  /** For the confirmation of recipients the system handed data to; null where it hands on none. */
  recipientsMs: number | null;
}

/** A period by calendar (Europe/Brussels), ISO 8601. */
export interface PurposeClock {
  /** consent: from the day of consent; contract-end: from the end of the contract. */
  from: 'consent' | 'contract-end';
  period: string;
  /** C08: between contract end and the end of the period data may be used but no longer collected. */
  frozen: boolean;
  decision: string;
}

export interface CategoryGate {
  category: string;
  /** Usable only while all of these are allowed. Empty: never usable. */
  needsGrantOf: readonly string[];
  decision: string;
}

export interface Retention {
  period: string | null;
  starts: string | null;
  until: string | null;
  /** Which data the clock holds for; null: all of the purpose. */
  appliesTo: string | null;
}

export interface Purpose {
  id: string;
  chapter: string;
  /** Of the privacy statement. */
  section: string;
  title: Localised;
  summary: Localised;
  legalBasis: readonly string[];
  choiceModel: ChoiceModel;
  /** Before any decision; null where there is no choice. */
  defaultAllowed: boolean | null;
  /** null: nobody can decide about it. */
  scopeLevel: ScopeLevel | null;
  subjectTypes: readonly string[];
  /** Roles the purpose speaks of; empty: not bound to a role. */
  roles: readonly Role[];
  brands: readonly string[];
  excludedBrands: readonly string[];
  dependsOn: readonly string[];
  profiling: boolean;
  /** Reached by a full marketing objection (C21): own marketing, not the advertising of others. */
  ownMarketing: boolean;
  clocks: readonly PurposeClock[];
  categoryGates: readonly CategoryGate[];
  retention: readonly Retention[];
  proofRetention: string | null;
  channels: readonly string[];
  recipients: readonly string[];
  /** Of a contact channel: the contact points it reaches. */
  contactKind: 'phone' | 'email' | 'post' | 'app' | null;
  systems: readonly SystemId[];
}

export interface NoticeVersion {
  id: string;
  version: string;
  /** BCP 47. */
  language: string;
  /** SHA-256 of the text file, lower-case hex. */
  contentHash: string;
  purposes: readonly string[];
}

export interface BundleDefinition {
  id: string;
  title: Localised;
  /** Purposes the bundle reaches, in the order of its decisions. */
  purposes: readonly string[];
  decisions: readonly string[];
}

export interface Catalogue {
  /** 'YYYY-MM-DD.' and twelve hex digits of the hash over all files. */
  version: string;
  purposes: ReadonlyMap<string, Purpose>;
  /** Purposes that name this one as a prerequisite. */
  dependants: ReadonlyMap<string, readonly Purpose[]>;
  notices: readonly NoticeVersion[];
  bundles: ReadonlyMap<string, BundleDefinition>;
  systems: ReadonlyMap<SystemId, SystemDeadlines>;
}

/** A catalogue file as read: its path below the catalogue folder, and its text. */
export interface CatalogueFile {
  name: string;
  text: string;
}

/** All that is known of one subject; the source of prerequisites, bundles and permission changes. */
export interface SubjectView {
  subjectId: string;
  facts: SubjectFacts | null;
  /** Without the person itself. */
  scopes: readonly ScopeFacts[];
  states: readonly HeldState[];
}

export interface HeldState {
  scope: Scope;
  purposeId: string;
  state: TripleState;
}

export { type Evidence, type Notice, type SystemId };
