import { type Catalogue } from '@consent/consent-rules';
import { tripleKey } from '@consent/events';
import { type Transaction } from '@consent/postgres';
import { holdCatalogue } from '../catalogue/fence.js';
import { gonePurposes } from '../catalogue/gone-purposes.js';
import { mintId } from '../ledger/mint-id.js';
import { markOverdue, readOpenReplies } from '../objections/overdue-replies.js';
import { type DecidedBatch } from '../record/decide-batch.js';
import { storeBatch } from '../record/record-decisions.js';
import { isBulkFull } from '../relay/bulk-lane.js';
import { BULK, LIVE } from '../relay/outbox-row.js';
import { peekSubjects } from '../subjects/lock-subjects.js';
import { readStates } from '../subjects/read-states.js';
import { readSubjectScopes } from '../subjects/read-subject-scopes.js';
import { SubjectDraft } from '../subjects/subject-draft.js';
import { type ClockKind, kindOf } from './clock-names.js';
import { countDue, lockDue, setNextDue } from './due-subjects.js';
import { noteProofs } from './note-proofs.js';
import { readEndings } from './read-endings.js';
import { type DueEntry, type Proof, runClocks } from './run-clocks.js';

/** Any constant; one scheduler of all replicas at a time runs a portion. */
const LOCK_KEY = '7303014520160006';

export interface DuePortion {
  catalogue: Catalogue;
  /** Epoch ms: everything due by then is done. */
  now: number;
  /** Most subjects at a time. As many as that are a mass expiry, which goes through the bulk lane. */
  limit: number;
  /** Subjects whose clocks failed a moment ago: passed over. */
  except?: readonly string[];
  /** Told before anything is done with them. */
  onTaken?: (subjectIds: readonly string[]) => void;
}

/** `all-held`: something is due, and other transactions hold all of whom. */
export type DueResult =
  | { kind: 'nothing-due' | 'lane-full' | 'other-scheduler' | 'all-held' }
  | {
      kind: 'done';
      done: ReadonlyMap<ClockKind, number>;
      /** Objections whose reply is late. */
      late: readonly string[];
    };

/**
 * Does what is due for the subjects that have waited longest, in the order of the due moments, through the one way into the
 * ledger. Whom another transaction holds is passed over. Entries, and the mark that they are written, are one transaction, which holds the lock that makes other
 * schedulers stand by: a crash at any line leaves all of it or nothing, and a scheduler that was stopped in the
 * middle comes back to a transaction that has ended.
 * @throws CatalogueMovedError when another version than the given one is in force
 */
export async function runDuePortion(tx: Transaction, portion: DuePortion): Promise<DueResult> {
  const { catalogue, now, limit, except = [], onTaken } = portion;
  const lock = await tx.query<{ leads: boolean }>('SELECT pg_try_advisory_xact_lock($1::bigint) AS leads', [LOCK_KEY]);
  if (lock.rows[0]?.leads !== true) return { kind: 'other-scheduler' };
  const found = await countDue(tx, { now, except, limit });
  if (found === 0) return { kind: 'nothing-due' };
  const lane = found === limit && limit > 1 ? BULK : LIVE;
  if (lane === BULK && (await isBulkFull(tx))) return { kind: 'lane-full' };
  // Before the people: who holds the catalogue may wait for one of them.
  await holdCatalogue(tx, catalogue.version);
  const due = await lockDue(tx, { now, except, limit });
  if (due.size === 0) return { kind: 'all-held' };
  const taken = [...due.keys()];
  onTaken?.(taken);

  const gone = await gonePurposes(tx, catalogue);
  const ids = new Set(taken);
  // Each sees what was committed when the locks were had.
  const [locked, states, scopes, endings, replies] = await Promise.all([
    peekSubjects(tx, ids),
    readStates(tx, [], ids),
    readSubjectScopes(tx, ids),
    readEndings(tx, taken, [...gone.keys()]),
    readOpenReplies(tx, taken),
  ]);
  const scopesOf = Map.groupBy(scopes, ({ subjectId }) => subjectId);

  const entries: DueEntry[] = [];
  const proofs: { subjectId: string; proof: Proof }[] = [];
  const late: string[] = [];
  const next = new Map<string, number | null>();
  for (const [id, since] of due) {
    const { version = 0, facts = null } = locked.get(id) ?? {};
    const draft = new SubjectDraft(id, version, facts, scopesOf.get(id) ?? [], states.get(id) ?? []);
    const context = { catalogue, gone, now, newDecisionId: () => mintId(now) };
    const waiting = { endings: endings.get(id) ?? [], replies: replies.get(id) ?? [] };
    const run = runClocks(draft, waiting, since, context);
    entries.push(...run.entries);
    late.push(...run.late.map(({ objectionId }) => objectionId));
    proofs.push(...run.proofs.map((proof) => ({ subjectId: id, proof })));
    next.set(id, run.nextDueAt);
  }
  entries.sort((a, b) => a.at - b.at);
  await storeBatch(tx, batchOf(entries), { catalogue, traceparent: null, lane });
  await Promise.all([noteProofs(tx, proofs), markOverdue(tx, late), setNextDue(tx, next)]);
  return { kind: 'done', done: countOf(entries), late };
}

function batchOf(due: readonly DueEntry[]): Pick<DecidedBatch, 'entries' | 'heads' | 'claims'> {
  const heads: DecidedBatch['heads'] = new Map();
  for (const [index, { entry, state }] of due.entries()) {
    if (state === null) continue;
    const triple = { subjectId: entry.subjectId, scopeId: entry.scope.id, purposeId: entry.purposeId };
    heads.set(tripleKey(triple), { entry: index, state });
  }
  return { entries: due.map(({ entry }) => entry), heads, claims: [] };
}

function countOf(due: readonly DueEntry[]): Map<ClockKind, number> {
  const counts = new Map<ClockKind, number>();
  for (const { entry } of due) counts.set(kindOf(entry), (counts.get(kindOf(entry)) ?? 0) + 1);
  return counts;
}
