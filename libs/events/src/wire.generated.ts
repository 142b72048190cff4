// Generated from schemas/*.avsc by tools/schemas/generate-types.ts. Do not edit.

/** One immutable choice, or change of permission without a choice, of one (subject, scope, purpose). Self-contained: a consumer never reads back. Holds random ids only, no direct identifier. */
export interface ConsentDecision {
  /** UUID. The same id always means the same decision, however often it is delivered. */
  decisionId: string;
  /** UUID of the person; also the record key. */
  subjectId: string;
  /** Order within the subject: 1, 2, 3 … Higher is newer. */
  version: number;
  /** What the decision covers. A scope id belongs to one subject for ever. */
  scope: Scope;
  /** Id of the purpose in the catalogue. */
  purposeId: string;
  /** Status recorded for the person (W3C DPV ConsentStatus, extended by the objection statuses of GDPR art. 21). */
  status: DecisionStatus;
  /** opening: the purpose is allowed afterwards; closing: it is not. Readers treat unknown as closing. */
  direction: Direction;
  /** Necessary for acting, and not sufficient where a system has duties of its own. */
  permission: Permission;
  /** false: kept as evidence without effect (an opening decided before the closing in force). */
  effective: boolean;
  /** Who or what made this entry. */
  cause: DecisionCause;
  /** UUID shared by all decisions of one act. */
  bundleId: null | string;
  /** The text the person saw. */
  notice: null | Notice;
  /** How the decision reached the operator. */
  evidence: Evidence;
  /** When the person decided, as the channel says. */
  decidedAt: number;
  /** When the consent service received it. */
  receivedAt: number;
  /** Ledger database clock just before commit. */
  committedAt: number;
  catalogueVersion: string;
  brand: null | string;
  /** The systems concerned, each with its deadline. A system that is not named says nothing. */
  systems: ConcernedSystem[];
  /** Open qualifiers of the purpose, such as dataSource. Never a direct identifier. */
  attributes: Record<string, string>;
  /** Kinds of data whose retention has ended for the purpose in the scope, each with its last end; repeated by every later entry of the same. Says nothing about the permission. */
  endedCategories: EndedCategory[];
}

export interface Scope {
  level: ScopeLevel;
  /** UUID; for level person the subject id. */
  id: string;
}

export type ScopeLevel = 'person' | 'account' | 'line' | 'device' | 'contact_point' | 'unknown';

export type DecisionStatus = 'requested' | 'given' | 'refused' | 'withdrawn' | 'expired' | 'revoked' | 'objected' | 'objection_submitted' | 'objection_rejected' | 'objection_lifted' | 'unknown';

export type Direction = 'opening' | 'closing' | 'unknown';

export interface Permission {
  allowed: boolean;
  /** Reason code; an open list. */
  reason: string;
  /** Next moment the permission may change by itself. */
  nextChangeAt: null | number;
}

export type DecisionCause = 'person' | 'guardian' | 'agent' | 'operator' | 'authority' | 'clock' | 'catalogue' | 'facts' | 'import' | 'heartbeat' | 'unknown';

export interface Notice {
  id: string;
  version: string;
  /** BCP 47. */
  language: string;
  /** SHA-256 of the text shown, lower-case hex. */
  contentHash: string;
}

export interface Evidence {
  channel: string;
  /** Who acted, from the authenticated caller. */
  actor: Actor;
  /** Name of the authenticated calling application. */
  caller: string;
  /** Source system and its event id; echoes of the same origin are dropped. */
  origin: null | Origin;
}

export type Actor = 'self' | 'guardian' | 'agent' | 'system' | 'unknown';

export interface Origin {
  system: string;
  eventId: string;
}

export interface ConcernedSystem {
  systemId: string;
  applyBy: number;
}

export interface EndedCategory {
  /** Kind of data, as the catalogue's retention names it. */
  category: string;
  /** What was collected before this moment may no longer be used for the purpose in the scope. */
  endedAt: number;
}

export const ConsentDecisionSchema = {"type":"record","name":"ConsentDecision","namespace":"consent","doc":"One immutable choice, or change of permission without a choice, of one (subject, scope, purpose). Self-contained: a consumer never reads back. Holds random ids only, no direct identifier.","fields":[{"name":"decisionId","type":"string","doc":"UUID. The same id always means the same decision, however often it is delivered."},{"name":"subjectId","type":"string","doc":"UUID of the person; also the record key."},{"name":"version","type":"long","doc":"Order within the subject: 1, 2, 3 … Higher is newer."},{"name":"scope","doc":"What the decision covers. A scope id belongs to one subject for ever.","type":{"type":"record","name":"Scope","fields":[{"name":"level","type":{"type":"enum","name":"ScopeLevel","symbols":["person","account","line","device","contact_point","unknown"],"default":"unknown"}},{"name":"id","type":"string","doc":"UUID; for level person the subject id."}]}},{"name":"purposeId","type":"string","doc":"Id of the purpose in the catalogue."},{"name":"status","doc":"Status recorded for the person (W3C DPV ConsentStatus, extended by the objection statuses of GDPR art. 21).","type":{"type":"enum","name":"DecisionStatus","symbols":["requested","given","refused","withdrawn","expired","revoked","objected","objection_submitted","objection_rejected","objection_lifted","unknown"],"default":"unknown"}},{"name":"direction","doc":"opening: the purpose is allowed afterwards; closing: it is not. Readers treat unknown as closing.","type":{"type":"enum","name":"Direction","symbols":["opening","closing","unknown"],"default":"unknown"}},{"name":"permission","doc":"Necessary for acting, and not sufficient where a system has duties of its own.","type":{"type":"record","name":"Permission","fields":[{"name":"allowed","type":"boolean"},{"name":"reason","type":"string","doc":"Reason code; an open list."},{"name":"nextChangeAt","type":["null",{"type":"long","logicalType":"timestamp-millis"}],"default":null,"doc":"Next moment the permission may change by itself."}]}},{"name":"effective","type":"boolean","default":true,"doc":"false: kept as evidence without effect (an opening decided before the closing in force)."},{"name":"cause","doc":"Who or what made this entry.","type":{"type":"enum","name":"DecisionCause","symbols":["person","guardian","agent","operator","authority","clock","catalogue","facts","import","heartbeat","unknown"],"default":"unknown"}},{"name":"bundleId","type":["null","string"],"default":null,"doc":"UUID shared by all decisions of one act."},{"name":"notice","default":null,"doc":"The text the person saw.","type":["null",{"type":"record","name":"Notice","fields":[{"name":"id","type":"string"},{"name":"version","type":"string"},{"name":"language","type":"string","doc":"BCP 47."},{"name":"contentHash","type":"string","doc":"SHA-256 of the text shown, lower-case hex."}]}]},{"name":"evidence","doc":"How the decision reached the operator.","type":{"type":"record","name":"Evidence","fields":[{"name":"channel","type":"string"},{"name":"actor","doc":"Who acted, from the authenticated caller.","type":{"type":"enum","name":"Actor","symbols":["self","guardian","agent","system","unknown"],"default":"unknown"}},{"name":"caller","type":"string","doc":"Name of the authenticated calling application."},{"name":"origin","default":null,"doc":"Source system and its event id; echoes of the same origin are dropped.","type":["null",{"type":"record","name":"Origin","fields":[{"name":"system","type":"string"},{"name":"eventId","type":"string"}]}]}]}},{"name":"decidedAt","type":{"type":"long","logicalType":"timestamp-millis"},"doc":"When the person decided, as the channel says."},{"name":"receivedAt","type":{"type":"long","logicalType":"timestamp-millis"},"doc":"When the consent service received it."},{"name":"committedAt","type":{"type":"long","logicalType":"timestamp-millis"},"doc":"Ledger database clock just before commit."},{"name":"catalogueVersion","type":"string"},{"name":"brand","type":["null","string"],"default":null},{"name":"systems","doc":"The systems concerned, each with its deadline. A system that is not named says nothing.","type":{"type":"array","items":{"type":"record","name":"ConcernedSystem","fields":[{"name":"systemId","type":"string"},{"name":"applyBy","type":{"type":"long","logicalType":"timestamp-millis"}}]}}},{"name":"attributes","type":{"type":"map","values":"string"},"default":{},"doc":"Open qualifiers of the purpose, such as dataSource. Never a direct identifier."},{"name":"endedCategories","type":{"type":"array","items":{"type":"record","name":"EndedCategory","fields":[{"name":"category","type":"string","doc":"Kind of data, as the catalogue's retention names it."},{"name":"endedAt","type":{"type":"long","logicalType":"timestamp-millis"},"doc":"What was collected before this moment may no longer be used for the purpose in the scope."}]}},"default":[],"doc":"Kinds of data whose retention has ended for the purpose in the scope, each with its last end; repeated by every later entry of the same. Says nothing about the permission."}]} as const;

/** A system's statement about one decision. It acknowledges the effect, not the read: it exists only for a committed transaction. appliedAt is the system's own claim. */
export interface PropagationAcknowledgement {
  decisionId: string;
  /** Also the record key. */
  subjectId: string;
  version: number;
  scopeId: string;
  purposeId: string;
  systemId: string;
  outcome: Outcome;
  /** Code for parked, conflict and rejected. */
  reason: null | string;
  /** First time the decision was applied or found superseded; null while parked. */
  appliedAt: null | number;
  /** Effects in the system's words, with counts. Empty where nothing had to change. */
  effects: EffectCount[];
  replayId: null | string;
  /** Where the decision was read. */
  source: SourceRecord;
  /** Version of the software that applied it. */
  build: string;
  /** In answers to heartbeats: records that wait in the system to be released, unreadable ones among them. Null where it does not say. */
  parkedRecords: null | number;
}

export type Outcome = 'applied' | 'no_effect' | 'superseded' | 'parked' | 'conflict' | 'rejected' | 'unknown';

export interface EffectCount {
  effect: string;
  count: number;
}

export interface SourceRecord {
  topic: string;
  partition: number;
  offset: number;
}

export const PropagationAcknowledgementSchema = {"type":"record","name":"PropagationAcknowledgement","namespace":"consent","doc":"A system's statement about one decision. It acknowledges the effect, not the read: it exists only for a committed transaction. appliedAt is the system's own claim.","fields":[{"name":"decisionId","type":"string"},{"name":"subjectId","type":"string","doc":"Also the record key."},{"name":"version","type":"long"},{"name":"scopeId","type":"string"},{"name":"purposeId","type":"string"},{"name":"systemId","type":"string"},{"name":"outcome","type":{"type":"enum","name":"Outcome","symbols":["applied","no_effect","superseded","parked","conflict","rejected","unknown"],"default":"unknown"}},{"name":"reason","type":["null","string"],"default":null,"doc":"Code for parked, conflict and rejected."},{"name":"appliedAt","type":["null",{"type":"long","logicalType":"timestamp-millis"}],"default":null,"doc":"First time the decision was applied or found superseded; null while parked."},{"name":"effects","doc":"Effects in the system's words, with counts. Empty where nothing had to change.","type":{"type":"array","items":{"type":"record","name":"EffectCount","fields":[{"name":"effect","type":"string"},{"name":"count","type":"long"}]}}},{"name":"replayId","type":["null","string"],"default":null},{"name":"source","doc":"Where the decision was read.","type":{"type":"record","name":"SourceRecord","fields":[{"name":"topic","type":"string"},{"name":"partition","type":"int"},{"name":"offset","type":"long"}]}},{"name":"build","type":"string","doc":"Version of the software that applied it."},{"name":"parkedRecords","type":["null","long"],"default":null,"doc":"In answers to heartbeats: records that wait in the system to be released, unreadable ones among them. Null where it does not say."}]} as const;
