import { plainArray, type Transaction } from '@consent/postgres';
import { merge } from '../gather/merge.js';
import { type Propagation } from '../gather/propagation.js';
import { type Transition, transition } from '../gather/transition.js';
import { jsonText } from './json-text.js';
import { PROPAGATION_COLUMNS, type PropagationRow, propagationOf } from './propagation-row.js';

const INSERT = `
INSERT INTO propagation (decision_id, subject_id, version, scope_id, purpose_id, status, direction, lane,
                         committed_at, clock_start, systems, seen_at)
SELECT decision_id, subject_id, version, scope_id, purpose_id, status, direction, lane,
       to_timestamp(committed_at / 1000), to_timestamp(clock_start / 1000), systems, to_timestamp(seen_at / 1000)
  FROM ROWS FROM (
         unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[],
                $9::float8[], $10::float8[], $11::float8[]),
         jsonb_array_elements($12::jsonb))
    AS new (decision_id, subject_id, version, scope_id, purpose_id, status, direction, lane,
            committed_at, clock_start, seen_at, systems)
ON CONFLICT (decision_id) DO NOTHING
RETURNING decision_id`;

const LOCK = `SELECT ${PROPAGATION_COLUMNS} FROM propagation WHERE decision_id = ANY ($1::uuid[]) ORDER BY decision_id FOR UPDATE`;

const UPDATE = `
UPDATE propagation AS row
   SET subject_id = new.subject_id, version = new.version, scope_id = new.scope_id, purpose_id = new.purpose_id,
       status = new.status, direction = new.direction, lane = new.lane, systems = new.systems,
       committed_at = to_timestamp(new.committed_at / 1000), clock_start = to_timestamp(new.clock_start / 1000)
  FROM ROWS FROM (
         unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[],
                $9::float8[], $10::float8[]),
         jsonb_array_elements($11::jsonb))
    AS new (decision_id, subject_id, version, scope_id, purpose_id, status, direction, lane, committed_at, clock_start, systems)
 WHERE row.decision_id = new.decision_id`;

export interface StoredPropagations {
  transitions: Transition[];
  /** Decisions read for the first time. */
  shown: Propagation[];
}

/**
 * Stores what was found, joined with what is known, and tells what changed. A decision is mostly new and mostly
 * complete by the time it is stored, so new rows are tried first; an answer without its decision mostly has a row.
 */
export async function storePropagations(
  tx: Transaction,
  found: ReadonlyMap<string, Propagation>,
): Promise<StoredPropagations> {
  const ofDecisions: Propagation[] = [];
  const ofAnswers: string[] = [];
  for (const one of found.values()) {
    if (one.facts) ofDecisions.push(one);
    else ofAnswers.push(one.decisionId);
  }
  const known = await lockKnown(tx, ofAnswers);
  const withoutRow = ofAnswers.flatMap((id) => (known.has(id) ? [] : (found.get(id) ?? [])));
  const candidates = [...ofDecisions, ...withoutRow];
  const inserted = await insertNew(tx, candidates);
  const refused = candidates.filter(({ decisionId }) => !inserted.has(decisionId)).map(({ decisionId }) => decisionId);
  for (const [id, row] of await lockKnown(tx, refused)) known.set(id, row);

  const added = candidates.filter(({ decisionId }) => inserted.has(decisionId));
  const shown = added.filter(({ facts }) => facts !== null);
  const transitions = added.map((propagation) => transition(null, propagation));
  const changed: Propagation[] = [];
  for (const [id, before] of known) {
    const news = found.get(id);
    if (news === undefined) continue;
    const after = merge(before, news);
    if (after !== before) changed.push(after);
    if (before.facts === null && after.facts !== null) shown.push(after);
    transitions.push(transition(before, after));
  }
  await updateChanged(tx, changed);
  return { transitions, shown };
}

async function lockKnown(tx: Transaction, ids: readonly string[]): Promise<Map<string, Propagation>> {
  if (ids.length === 0) return new Map();
  const { rows } = await tx.query<PropagationRow>(LOCK, [plainArray(ids)], 'lock-propagations');
  return new Map(rows.map((row) => [row.decision_id, propagationOf(row)]));
}

async function insertNew(tx: Transaction, rows: readonly Propagation[]): Promise<Set<string>> {
  if (rows.length === 0) return new Set();
  const { rows: inserted } = await tx.query<{ decision_id: string }>(
    INSERT,
    [
      ...idColumns(rows),
      ...factColumns(rows),
      plainArray(rows.map((row) => row.seenAt)),
      jsonText(rows.map((row) => row.systems)),
    ],
    'insert-propagations',
  );
  return new Set(inserted.map((row) => row.decision_id));
}

async function updateChanged(tx: Transaction, rows: readonly Propagation[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    UPDATE,
    [...idColumns(rows), ...factColumns(rows), jsonText(rows.map((row) => row.systems))],
    'update-propagations',
  );
}

const idColumns = (rows: readonly Propagation[]): string[] => [
  plainArray(rows.map((row) => row.decisionId)),
  plainArray(rows.map((row) => row.subjectId)),
  plainArray(rows.map((row) => row.version)),
  plainArray(rows.map((row) => row.scopeId)),
  plainArray(rows.map((row) => row.purposeId)),
];

const factColumns = (rows: readonly Propagation[]): string[] => [
  plainArray(rows.map(({ facts }) => facts?.status ?? null)),
  plainArray(rows.map(({ facts }) => facts?.direction ?? null)),
  plainArray(rows.map(({ facts }) => facts?.lane ?? null)),
  plainArray(rows.map(({ facts }) => facts?.committedAt ?? null)),
  plainArray(rows.map(({ facts }) => facts?.clockStart ?? null)),
];
