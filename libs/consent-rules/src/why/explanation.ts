import { type CategoryPermitted } from '../permission-for-category.js';
import { type RuleName } from '../rules/rule.js';
import { type SubjectContext } from '../subject-context.js';
import {
  type Catalogue,
  type Cause,
  type LedgerEntry,
  type Localised,
  type Permission,
  type Purpose,
  type Role,
  type Scope,
  type Status,
  type SubjectFacts,
  type SubjectView,
} from '../types.js';

/** "Why may, or may not, this purpose be pursued in this scope at that moment?" */
export interface Question {
  /** All that was known at `at`. */
  view: SubjectView;
  /** The subject's ledger until `at`, oldest first; at least the entries on the purpose and what it stands on. */
  ledger: readonly LedgerEntry[];
  /** Bundles that the subject had said by `at`, oldest first. Absent: none. */
  bundles?: readonly BundleSaid[];
  catalogue: Catalogue;
  purpose: Purpose;
  scope: Scope;
  /** Epoch ms. */
  at: number;
  /** With data of this kind. Absent: whatever the data. */
  category?: string | undefined;
  /** As what the roles it had last made the subject known; it stays that without any (C44). Absent: it never had one. */
  knownAs?: SubjectContext | null;
  /** Who told what is known of the scope or its person; null where nobody did. Absent: nobody is named. */
  sourceOf?: (fact: FactName, scope: Scope) => FactSource | null;
}

/** A bundle that was said, with all it said no to, whether it found something to close or not. */
export interface BundleSaid {
  bundleId: string;
  /** Its id in the catalogue. */
  kind: string;
  purposes: readonly string[];
  /** When it was decided, at the latest when it came in, epoch ms. */
  closedAt: number;
  /** Epoch ms. */
  recordedAt: number;
  /** Name of a caller: a system, never a person. */
  by: string;
  channel: string;
  /** Version of the subject's newest decision then. */
  afterVersion: number;
}

export type FactName = Exclude<keyof SubjectFacts, 'unregistered'>;

/** Where a fact comes from: the first to tell it as it stands, when several did. */
export interface FactSource {
  /** Epoch ms. */
  recordedAt: number;
  /** Name of a caller: a system, never a person. */
  by: string;
  /** How it was told: subject, batch (a file of many), transfer, decision, or the channel of an objection; null: not kept. */
  channel: string | null;
  /** Of the subject's facts; null for what came without a version: by a decision, or by a transfer without facts. */
  factsVersion: number | null;
}

/** A fact that a rule judged by. */
export interface FactUsed {
  fact: FactName;
  value: SubjectFacts[FactName];
  source: FactSource | null;
  sentence: Localised;
}

/** Something that led to an answer. `purposeId` and `scope` are another's where a prerequisite is told of. */
export type Step = { purposeId: string; scope: Scope; sentence: Localised } & (
  | { kind: 'purpose'; section: string }
  | { kind: 'facts-missing' }
  | { kind: 'decision'; entry: LedgerEntry; standing: Standing }
  | { kind: 'bundle'; said: BundleSaid }
  | {
      kind: 'rule';
      rule: RuleName;
      /** C numbers: rows of docs/decisions.md. */
      decisions: readonly string[];
      outcome: 'passes' | 'limits' | 'closes';
      facts: readonly FactUsed[];
    }
  | {
      kind: 'category';
      category: string;
      decisions: readonly string[];
      outcome: 'passes' | 'limits' | 'closes';
    }
);

/**
 * in-force: the decision that counts. overtaken: a later one counts. evidence-only: it never had effect.
 * consequence: no decision; facts, the clock or the catalogue moved the permission. noted: the clock wrote down that
 * something fell due, and nothing moved.
 */
export type Standing = 'in-force' | 'overtaken' | 'evidence-only' | 'consequence' | 'noted';

/** Something that could happen. */
export type Change =
  | {
      kind: 'decision';
      purposeId: string;
      /** id null: in a scope that is not known yet. */
      scope: { level: Scope['level']; id: string | null };
      status: Status;
      /** Who may decide so, at one of the doors there are. */
      by: readonly Cause[];
      /** Names of the attributes without which it is refused. */
      attributes: readonly string[];
    }
  | { kind: 'brand'; scope: Scope; to: string }
  | { kind: 'role'; to: Role }
  | { kind: 'age'; minor: boolean }
  | { kind: 'contract'; to: 'begins' | 'ends' }
  | { kind: 'moment'; at: number };

/** Changes that together turn the answer round, in the order in which they happen; without any one of them it stays as it is. */
export interface Counterfactual {
  changes: readonly Change[];
  /** The answer then. */
  permission: Permission;
  sentence: Localised;
}

export interface Explanation {
  permission: CategoryPermitted;
  /** Of the reason, about this purpose. */
  sentence: Localised;
  /** In order: what the catalogue says, what was decided, what the rules made of it. */
  steps: readonly Step[];
  /** Fewest changes first. */
  wouldChange: readonly Counterfactual[];
}
