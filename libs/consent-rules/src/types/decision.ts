import { type ConsentDecision, type Evidence, type Notice, type SystemId } from '@consent/events';
import { type Cause, type Permission, type ReasonCode, type Status } from './words.js';
import { type Scope } from './subject.js';
import { type NoticeVersion, type SystemDeadlines } from './catalogue.js';

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
  /** As the caller says: evidence, told where the facts know no brand. Only the brand of the facts decides, and only facts give one to a scope. */
  brand: string | null;
  attributes: Record<string, string>;
}

/** Whether a purpose is allowed for the subject of the scope in question, and when that next turns round by itself: see `prerequisitesOf`. */
export type PrerequisiteLookup = (purposeId: string) => Pick<Permission, 'allowed' | 'nextChangeAt'>;

/**
 * When the person said the newest no that stands on the same thing as a purpose, under another role, in the scope in question,
 * epoch ms; null while none does: see `noesOf`.
 */
export type NoLookup = (purposeId: string) => number | null;

/** What a purpose is told of the others of the same subject. */
export interface OtherPurposes {
  /** Not asked for a purpose without prerequisites. */
  prerequisites: PrerequisiteLookup;
  noUnderAnotherRole: NoLookup;
}

export interface DecideContext extends OtherPurposes {
  /** Epoch ms; becomes receivedAt. */
  now: number;
  version: number;
  decisionId: string;
  catalogueVersion: string;
  /** `catalogue.systems`: gives each concerned system its deadline. */
  systems: ReadonlyMap<SystemId, SystemDeadlines>;
  /** `catalogue.notices`: an opening names one of them, or none. */
  notices: readonly NoticeVersion[];
  /** Of the channel: how long the person has to confirm a yes, ISO 8601; null or absent where the channel asks for no confirmation. Over one that does no other opening is taken. */
  confirmWithin?: string | null;
  /**
   * When the newest bundle that says no to the purpose was decided, at the latest when it came in, epoch ms; null when none
   * was. It counts as a no where nothing stood that it had to close, too.
   */
  bundleClosedAt: number | null;
  /** False: the caller has no right to answer reasoned objections. */
  mayAssess?: boolean;
  /** Callers that recorded the reasoned objection under assessment; none of them may answer it. */
  objectionRecordedBy?: ReadonlySet<string>;
  /** The purpose has left the catalogue: what is said of it opens nothing. */
  isGone?: boolean;
}

export type RefusalCode =
  | 'purpose_without_choice'
  | 'scope_level_mismatch'
  | 'status_not_of_choice_model'
  | 'transition_not_open'
  | 'cause_not_entitled'
  | 'decided_in_the_future'
  | 'evidence_missing'
  | 'assessor_not_entitled'
  | 'assessor_recorded_objection'
  | 'notice_unknown'
  | 'period_not_announced'
  | 'channel_asks_for_confirmation';

/** A move that is open from the present status. */
export interface OpenTransition {
  status: Status;
  causes: readonly Cause[];
}

export type DecideResult =
  | { kind: 'decided'; entry: LedgerEntry }
  | { kind: 'refused'; code: RefusalCode; message: string; openTransitions: readonly OpenTransition[] };
