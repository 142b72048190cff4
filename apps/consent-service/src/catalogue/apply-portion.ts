import {
  type Catalogue,
  catalogueChanges,
  firstMissedEnd,
  type LedgerEntry,
  newlyNamed,
  nextClock,
  otherProofs,
} from '@consent/consent-rules';
import { tripleKey } from '@consent/events';
import { type Transaction } from '@consent/postgres';
import { bringForward } from '../clocks/due-subjects.js';
import { type FactsDraft } from '../facts/facts-batch.js';
import { lockFacts, readFacts } from '../facts/lock-facts.js';
import { mintId } from '../ledger/mint-id.js';
import { type DecidedBatch } from '../record/decide-batch.js';
import { storeBatch } from '../record/record-decisions.js';
import { isBulkFull } from '../relay/bulk-lane.js';
import { BULK } from '../relay/outbox-row.js';
import { catalogueOf } from './versions.js';

const PORTION = 500;
/** Any constant; one worker of all replicas at a time moves a portion. */
const LOCK_KEY = '7303014520160003';

/**
 * People for whom a purpose opens or closes; `moved`: it stays open and the next change is at another moment; `withheld`:
 * it would open, now or when a rule that holds it closed ends, although they never agreed, or did before it had gone. `told`: decisions that reach the systems which the purpose names anew.
 */
export type Effects = Record<string, Record<'opening' | 'closing' | 'moved' | 'withheld' | 'told', number>>;
const NONE = { opening: 0, closing: 0, moved: 0, withheld: 0, told: 0 };

interface OpenChange {
  change_id: string;
  from_version: string;
  to_version: string;
  state: 'planning' | 'running';
  caller: string;
  at_subject: string | null;
  planned: Effects;
  recorded: Effects;
}
/** Versions read already: they never change. */
export type VersionCache = Map<string, Catalogue>;

/**
 * Counts, or records, what the oldest open change means for the next people, and notes how far it is, in one transaction:
 * a crash leaves both done or neither.
 */
export async function applyPortion(
  tx: Transaction,
  cache: VersionCache,
  portion = PORTION,
): Promise<'moved' | 'nothing-to-do' | 'lane-full' | 'other-worker'> {
  const lock = await tx.query<{ leads: boolean }>('SELECT pg_try_advisory_xact_lock($1::bigint) AS leads', [LOCK_KEY]);
  if (lock.rows[0]?.leads !== true) return 'other-worker';
  const { rows: open } = await tx.query<OpenChange>(
    `SELECT * FROM catalogue_change WHERE state IN ('planning', 'running') ORDER BY created_at, change_id LIMIT 1 FOR UPDATE`,
  );
  const change = open[0];
  if (!change) return 'nothing-to-do';
  const runs = change.state === 'running';
  if (runs && (await isBulkFull(tx))) return 'lane-full';
  const { rows } = await tx.query<{ id: string }>(
    `SELECT subject_id AS id FROM subject WHERE subject_id > coalesce($1::uuid, '00000000-0000-0000-0000-000000000000')
      ORDER BY subject_id LIMIT $2`,
    [change.at_subject, portion],
  );
  const ids = new Set(rows.map(({ id }) => id));
  const people = await (runs ? lockFacts : readFacts)(tx, ids);
  const from = await version(tx, cache, change.from_version);
  const to = await version(tx, cache, change.to_version);

  const effects = runs ? change.recorded : change.planned;
  const batch: Pick<DecidedBatch, 'entries' | 'heads' | 'claims'> = { entries: [], heads: new Map(), claims: [] };
  const now = Date.now();
  const clocks = new Map<string, number>();
  const named = newlyNamed(from, to);
  const proofs = otherProofs(from, to);
  for (const draft of people.values()) {
    const { entries, told, withheld } = changesOf(draft, from, to, change.caller, now);
    count(effects, entries, (entry) =>
      entry.permission.allowed && draft.subject.stateOf(entry.scope.id, entry.purposeId)?.allowed
        ? 'moved'
        : entry.direction,
    );
    count(effects, withheld, () => 'withheld');
    for (const { purposeId } of [...entries, ...told]) if (named.has(purposeId)) countsOf(effects, purposeId).told += 1;
    if (!runs) continue;
    for (const entry of [...entries, ...told]) {
      const index = batch.entries.push(entry) - 1;
      const triple = { subjectId: entry.subjectId, scopeId: entry.scope.id, purposeId: entry.purposeId };
      batch.heads.set(tripleKey(triple), { entry: index, state: draft.subject.apply(entry) });
    }
    // A kind of data that has a clock only now: it begins where it would have.
    const missed = firstMissedEnd(draft.subject.view(), to, now) ?? (hasProofOf(draft, proofs) ? now : null);
    const due = missed ?? nextClock(draft.subject.view(), to, now + 1);
    if (due !== null) clocks.set(draft.subject.subjectId, due);
  }
  await storeBatch(tx, batch, { catalogue: to, traceparent: null, lane: BULK });
  if (runs) await bringForward(tx, clocks);
  await advance(tx, change, effects, [...ids], rows.length < portion);
  return 'moved';
}

function changesOf({ subject }: FactsDraft, from: Catalogue, to: Catalogue, caller: string, now: number) {
  let { version } = subject;
  return catalogueChanges(subject.view(), from, to, {
    now,
    nextVersion: () => ++version,
    newDecisionId: () => mintId(now),
    caller,
  });
}

/** Whether what was decided may have a proof with another end now, or one that has passed. */
const hasProofOf = ({ subject }: FactsDraft, purposes: ReadonlySet<string>): boolean =>
  subject.view().states.some(({ purposeId }) => purposes.has(purposeId));

/** People, not scopes: one who has two lines is counted once. */
function count<T extends Pick<LedgerEntry, 'purposeId'>>(
  effects: Effects,
  entries: readonly T[],
  kindOf: (entry: T) => keyof Effects[string],
): void {
  for (const one of new Set(entries.map((entry) => `${entry.purposeId} ${kindOf(entry)}`))) {
    const [purposeId = '', kind] = one.split(' ') as [string, keyof Effects[string]];
    countsOf(effects, purposeId)[kind] += 1;
  }
}

const countsOf = (effects: Effects, purposeId: string): Effects[string] =>
  (effects[purposeId] = { ...NONE, ...effects[purposeId] });

async function advance(
  tx: Transaction,
  { change_id, state, at_subject }: OpenChange,
  effects: Effects,
  ids: readonly string[],
  last: boolean,
): Promise<void> {
  const refused = Object.values(effects).some(({ withheld }) => withheld > 0);
  const after = state === 'running' ? 'recorded' : refused ? 'refused' : 'planned';
  await tx.query(
    `UPDATE catalogue_change
        SET at_subject = $2, subjects = subjects + $3, state = $4,
            ${state === 'running' ? 'recorded' : 'planned'} = $5,
            last_outbox_id = (SELECT max(id) FROM outbox WHERE lane = ${BULK})
      WHERE change_id = $1`,
    [change_id, ids.toSorted().at(-1) ?? at_subject, ids.length, last ? after : state, JSON.stringify(effects)],
  );
}

async function version(tx: Transaction, cache: VersionCache, wanted: string): Promise<Catalogue> {
  const found = cache.get(wanted) ?? (await catalogueOf(tx, wanted));
  if (!found) throw new Error(`Catalogue ${wanted} is not stored`);
  cache.set(wanted, found);
  return found;
}
