import { type EndedCategory } from '@consent/events';
import { type ReasonCode, type Role, type ScopeLevel, type Status } from './words.js';

export type ContactKind = 'phone' | 'email' | 'post' | 'app';

export interface Scope {
  level: ScopeLevel;
  /** UUID; for level person the subject id. */
  id: string;
}

/** What is known of the person a decision is about, resolved for the scope (an account's brand goes before the subject's). */
export interface SubjectFacts {
  brand: string | null;
  roles: readonly Role[];
  /** null: the age is not known, which is as restrictive as a minor's (C38). */
  minor: boolean | null;
  /** Epoch ms. */
  contractStart?: number | null;
  contractEnd?: number | null;
  /** When the person objected to all marketing (section 11.5, C18, C21). */
  fullMarketingObjectionAt?: number | null;
  /** Nothing was registered: only an objection to all marketing is known of the person, and it opens nothing. */
  unregistered?: true;
  /** Of the scope, where it is a contact point whose kind is known. */
  contactKind?: ContactKind;
  /** Of the scope, epoch ms: it is the person's from here (null: from ever) up to, not including, there (null: open). */
  validFrom?: number | null;
  validUntil?: number | null;
}

/** One account, line, device or contact point of a subject. */
export interface ScopeFacts extends Scope {
  brand?: string | null;
  /** Of a contact point: which channels can reach it. Unknown means all. */
  kind?: ContactKind | null;
  validFrom?: number | null;
  validUntil?: number | null;
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
  /**
   * When the person said the no that no later yes has taken back; null when none stands. Kept while a yes is asked for or
   * waits for its confirmation, and after that lapsed (C42).
   */
  saidNoAt: number | null;
  /** The period that the decision in force names, ISO 8601: a consent for an event ends with it (C12). */
  announcedPeriod: string | null;
  /** Kinds of data whose retention has ended, each with its last end. */
  endedCategories: EndedCategory[];
}

/** All that is known of one subject; the source of prerequisites, bundles and permission changes. */
export interface SubjectView {
  subjectId: string;
  facts: SubjectFacts | null;
  /** Without the person itself. */
  scopes: readonly ScopeFacts[];
  states: readonly HeldState[];
  /** The scope by whose brand and validity what is decided for the person is judged (C41). Absent: by the person's brand. */
  from?: Scope;
}

export interface HeldState {
  scope: Scope;
  purposeId: string;
  state: TripleState;
}
