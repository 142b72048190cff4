import {
  type Catalogue,
  clockOf,
  type DecideCommand,
  firstMissedEnd,
  type LedgerEntry,
  type Purpose,
  type Scope,
} from '@consent/consent-rules';
import { tripleKey } from '@consent/events';
import { type Transaction } from '@consent/postgres';
import { bringForward } from '../clocks/due-subjects.js';
import { hasLateHistory } from '../clocks/late-history.js';
import { type Appended, appendEntries } from '../ledger/append-entries.js';
import { mintId } from '../ledger/mint-id.js';
import { storeStates } from '../ledger/store-states.js';
import { keepObjections } from '../objections/keep-objections.js';
import { LIVE } from '../relay/outbox-row.js';
import { keepScopeVersions } from '../subjects/scope-versions.js';
import { claimScopes } from '../subjects/scopes.js';
import { decideBatch, type DecidedBatch, type Known } from './decide-batch.js';
import { keepAttributes } from './keep-attributes.js';
import { readKnown } from './read-known.js';
import { type Refusal } from './refusal.js';

/** What became of a command. An echo is a source's event told again: answered with what was recorded first. */
export type Recorded =
  | { kind: 'recorded'; appended: Appended }
  | { kind: 'echo'; position: number; appended?: Appended }
  | { kind: 'refused'; refusal: Refusal };

export interface RecordContext {
  catalogue: Catalogue;
  /** Epoch ms; becomes receivedAt. */
  now: number;
  /** W3C Trace Context of the request. */
  traceparent: string | null;
  /** False: the caller has no right to answer reasoned objections. */
  mayAssess?: boolean;
  /** Purposes that have left the catalogue and may be decided about all the same: a reply is owed to who objected before. */
  gone?: ReadonlyMap<string, Purpose>;
  /** Of the outbox; absent: live. */
  lane?: number;
}

/**
 * The one way into the ledger: one decision, a batch and a bundle all come through here. Answers each command in its
 * order; what is refused holds nothing else back.
 * @throws ScopeRaceError, and what PostgreSQL throws: nothing is recorded then
 */
export async function recordDecisions(
  tx: Transaction,
  commands: readonly DecideCommand[],
  context: RecordContext,
): Promise<Recorded[]> {
  const { catalogue, now, mayAssess, gone } = context;
  const known = await readKnown(tx, catalogue, commands, gone);
  const decideContext = { catalogue, now, mayAssess, gone, newDecisionId: () => mintId(now) };
  const batch = await decideBatch(commands, known, decideContext);
  const [appended] = await Promise.all([
    storeBatch(tx, batch, context),
    // A batch has one caller.
    keepScopeVersions(tx, batch.claims, commands[0]?.evidence.caller ?? '', 'decision'),
  ]);
  await bringForward(tx, lateClocks(batch, known, catalogue, now));
  return batch.outcomes.map((outcome): Recorded => {
    switch (outcome.kind) {
      case 'recorded':
        return { kind: 'recorded', appended: at(appended, outcome.entry) };
      case 'echo-in-batch': {
        const first = at(appended, outcome.entry);
        return { kind: 'echo', position: first.position, appended: first };
      }
      case 'echo':
      case 'refused':
        return outcome;
    }
  });
}

/** Claims scopes, appends the entries with what qualified the decisions behind them, stores the newest states and open objections, in this order and one round trip. */
export async function storeBatch(
  tx: Transaction,
  batch: Pick<DecidedBatch, 'entries' | 'heads' | 'claims'>,
  { catalogue, traceparent, lane = LIVE, gone }: Pick<RecordContext, 'catalogue' | 'traceparent' | 'lane' | 'gone'>,
): Promise<Appended[]> {
  await keepAttributes(tx, batch.entries);
  const purposeOf = (id: string): Purpose | undefined => catalogue.purposes.get(id) ?? gone?.get(id);
  const dueAt = (entry: LedgerEntry): number | null => clockOf(entry, purposeOf(entry.purposeId));
  const heads = [...batch.heads.values()].map(({ entry, state }) => ({
    entry: batch.entries[entry] as LedgerEntry,
    state,
  }));
  const [, appended] = await Promise.all([
    claimScopes(tx, batch.claims),
    appendEntries(tx, batch.entries, { traceparent, lane, dueAt }),
    storeStates(tx, heads),
    keepObjections(tx, batch.entries),
  ]);
  return appended;
}

/**
 * Whom the clocks have to look at by when, because something came after its moment: a decision or a scope after data had come
 * to their end, or an objection to a scope that had ended long before.
 */
function lateClocks(
  { entries, heads, claims }: Pick<DecidedBatch, 'entries' | 'heads' | 'claims'>,
  { subjects }: Pick<Known, 'subjects'>,
  catalogue: Catalogue,
  now: number,
): Map<string, number> {
  const objectors = new Set<string>();
  for (const { entry, state } of heads.values())
    if (state.status === 'objected') objectors.add(entries[entry]?.subjectId ?? '');
  const named = new Set(claims.map(({ id }) => id));
  const late = new Map<string, number>();
  for (const id of new Set(entries.map(({ subjectId }) => subjectId))) {
    const subject = subjects.get(id);
    if (subject === undefined) continue;
    // Of a subject only what these are about need be known: the rest was told, or waits for the clocks already.
    const isMoved = (purpose: Purpose, scope: Scope): boolean =>
      named.has(scope.id) || heads.has(tripleKey({ subjectId: id, scopeId: scope.id, purposeId: purpose.id }));
    const missed = firstMissedEnd(subject.view(), catalogue, now, isMoved);
    const due = missed ?? (objectors.has(id) && hasLateHistory(subject, now) ? now : null);
    if (due !== null) late.set(id, due);
  }
  return late;
}

function at(appended: readonly Appended[], index: number): Appended {
  const found = appended[index];
  if (!found) throw new Error(`Entry ${index} of ${appended.length} is missing`);
  return found;
}
