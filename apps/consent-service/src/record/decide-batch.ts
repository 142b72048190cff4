import { setImmediate } from 'node:timers/promises';
import {
  asFirstNamed,
  type Catalogue,
  decide,
  type DecideCommand,
  factsFor,
  type LedgerEntry,
  type Purpose,
  othersOf,
  type SubjectView,
  type TripleState,
} from '@consent/consent-rules';
import { tripleKey } from '@consent/events';
import { type OwnedScope } from '../subjects/scopes.js';
import { type SubjectDraft } from '../subjects/subject-draft.js';
import { bundleKey } from './bundle-closings.js';
import { type Act, dependantChanges } from './dependant-changes.js';
import { echoOf } from './echo-of.js';
import { originKey, type RecordedOrigin } from './find-echoes.js';
import { type Refusal, ruleRefusal, subjectIsScope, unknownPurpose } from './refusal.js';
import { scopeRefusal } from './scope-refusal.js';

/** All that the database knows about the subjects of a batch, read under their locks. */
export interface Known {
  subjects: ReadonlyMap<string, SubjectDraft>;
  scopes: ReadonlyMap<string, OwnedScope>;
  echoes: ReadonlyMap<string, RecordedOrigin>;
  /** Who recorded each open reasoned objection that a command may answer, by tripleKey. */
  objections: ReadonlyMap<string, ReadonlySet<string>>;
  /** When the newest bundle that says no to the purpose of a yes was decided, epoch ms, by bundleKey. */
  bundleClosings: ReadonlyMap<string, number>;
}

export interface BatchContext {
  catalogue: Catalogue;
  /** Epoch ms. */
  now: number;
  /** False: the caller has no right to answer reasoned objections. */
  mayAssess?: boolean | undefined;
  /** Purposes that have left the catalogue and may be decided about all the same. */
  gone?: ReadonlyMap<string, Purpose> | undefined;
  newDecisionId: () => string;
}

/** What became of a command. `entry` is an index into the batch's entries. */
export type CommandOutcome =
  | { kind: 'recorded'; entry: number }
  | { kind: 'echo'; position: number }
  | { kind: 'echo-in-batch'; entry: number }
  | { kind: 'refused'; refusal: Refusal };

export interface DecidedBatch {
  /** One for each command, in order. */
  outcomes: CommandOutcome[];
  /** In the order to append them. Those that follow from a closed prerequisite are among them. */
  entries: LedgerEntry[];
  /** Newest state of each triple touched, by tripleKey, with the index of its entry. */
  heads: Map<string, { entry: number; state: TripleState }>;
  /** Scopes used for the first time. */
  claims: OwnedScope[];
}

/**
 * Decides commands in their order, each seeing what those before it did. Nothing but its input counts and nothing is kept.
 * Others get their turn meanwhile: a thousand lines about one person who has thousands of scopes take a second.
 */
export async function decideBatch(
  commands: readonly DecideCommand[],
  known: Known,
  context: BatchContext,
): Promise<DecidedBatch> {
  const batch: DecidedBatch = { outcomes: [], entries: [], heads: new Map(), claims: [] };
  const claimed = new Map<string, OwnedScope>();
  const origins = new Map<string, number>();

  const append = (subject: SubjectDraft, entry: LedgerEntry): number => {
    const index = batch.entries.push(entry) - 1;
    const triple = { subjectId: entry.subjectId, scopeId: entry.scope.id, purposeId: entry.purposeId };
    batch.heads.set(tripleKey(triple), { entry: index, state: subject.apply(entry) });
    return index;
  };

  /** A batch has one caller: an objection in it is the caller's own. */
  const objectionRecordedBy = (command: DecideCommand): ReadonlySet<string> => {
    const { subjectId, scope, purposeId, evidence } = command;
    const key = tripleKey({ subjectId, scopeId: scope.id, purposeId });
    const head = batch.heads.get(key);
    if (head && batch.entries[head.entry]?.status === 'objection_submitted') return new Set([evidence.caller]);
    return known.objections.get(key) ?? new Set();
  };

  let act: Act | null = null;
  /** What follows from an act is decided when the act is complete: a bundle closes most of it itself. */
  const follow = (before: SubjectView, subject: SubjectDraft, entry: LedgerEntry): void => {
    if (act) act.moved.push(entry);
    else act = { before, subject, moved: [entry] };
  };
  const completeAct = (): void => {
    const done = act;
    act = null;
    if (done) for (const change of dependantChanges(done, context)) append(done.subject, change);
  };

  const outcomeOf = (command: DecideCommand): CommandOutcome => {
    const { origin } = command.evidence;
    const echo = origin && echoOf(command, originKey(origin), known.echoes, origins, batch.entries);
    if (echo) return echo;
    const inForce = context.catalogue.purposes.get(command.purposeId);
    const purpose = inForce ?? context.gone?.get(command.purposeId);
    if (!purpose) return refused(unknownPurpose(command.purposeId));
    const scopeOf = (id: string): OwnedScope | undefined => claimed.get(id) ?? known.scopes.get(id);
    const asScope = scopeOf(command.subjectId);
    if (asScope && asScope.level !== 'person') return refused(subjectIsScope(command.subjectId, asScope.level));
    const owned = scopeOf(command.scope.id);
    const refusal = scopeRefusal(command, owned, purpose.contactKind);
    if (refusal) return refused(refusal);
    const subject = known.subjects.get(command.subjectId);
    if (!subject) throw new Error(`Subject ${command.subjectId} was not locked`);

    const isFirstNamed = !owned && command.scope.level !== 'person';
    const before = purposeMatters(purpose, context.catalogue) || isFirstNamed ? subject.view() : null;
    const view = subject.view();
    const result = decide(
      command,
      subject.stateOf(command.scope.id, purpose.id),
      purpose,
      factsFor(view, command.scope),
      {
        now: context.now,
        version: subject.version + 1,
        decisionId: context.newDecisionId(),
        catalogueVersion: context.catalogue.version,
        systems: context.catalogue.systems,
        notices: context.catalogue.notices,
        mayAssess: context.mayAssess ?? true,
        objectionRecordedBy: objectionRecordedBy(command),
        isGone: inForce === undefined,
        bundleClosedAt: known.bundleClosings.get(bundleKey(command)) ?? null,
        confirmWithin: context.catalogue.confirmWithin.get(command.evidence.channel) ?? null,
        ...othersOf(view, context.catalogue, command.scope, context.now),
      },
    );
    if (result.kind === 'refused') return refused(ruleRefusal(result));
    if (isFirstNamed) {
      const scope = { ...asFirstNamed(command.scope, purpose), subjectId: command.subjectId };
      claimed.set(scope.id, scope);
      batch.claims.push(scope);
      subject.addScope(scope);
    }
    const entry = append(subject, result.entry);
    if (origin) origins.set(originKey(origin), entry);
    if (before) follow(before, subject, result.entry);
    return { kind: 'recorded', entry };
  };

  let bundleId: string | null = null;
  let turnEnds = performance.now() + TURN_MS;
  for (const command of commands) {
    if (performance.now() > turnEnds) {
      await setImmediate();
      turnEnds = performance.now() + TURN_MS;
    }
    if (command.bundleId === null || command.bundleId !== bundleId) completeAct();
    bundleId = command.bundleId;
    batch.outcomes.push(outcomeOf(command));
  }
  completeAct();
  return batch;
}

/** Longer than what a batch of a hundred takes: taken apart, several would be held in memory at once. */
const TURN_MS = 50;

/** Whether this purpose hangs on others, or others on it, so that the whole subject must be known. */
export const purposeMatters = (purpose: Purpose, catalogue: Catalogue): boolean =>
  purpose.dependsOn.length > 0 || (catalogue.dependants.get(purpose.id)?.length ?? 0) > 0;

const refused = (refusal: Refusal): CommandOutcome => ({ kind: 'refused', refusal });
