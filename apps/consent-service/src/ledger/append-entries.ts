import { type LedgerEntry } from '@consent/consent-rules';
import { partitionOf } from '@consent/kafka';
import { plainArray, textArray, type Transaction } from '@consent/postgres';
import { seal } from './seal.js';

/** What the database adds to an entry. */
export interface Appended {
  entry: LedgerEntry;
  position: number;
  /** Epoch milliseconds, database clock. */
  committedAt: number;
}

const COLUMNS = [
  ['subject_id', 'uuid'],
  ['version', 'bigint'],
  ['decision_id', 'uuid'],
  ['scope_level', 'text'],
  ['scope_id', 'uuid'],
  ['purpose_id', 'text'],
  ['status', 'text'],
  ['direction', 'text'],
  ['allowed', 'boolean'],
  ['reason', 'text'],
  ['next_change_at', 'float8'],
  ['effective', 'boolean'],
  ['cause', 'text'],
  ['bundle_id', 'uuid'],
  ['notice_id', 'text'],
  ['notice_version', 'text'],
  ['notice_language', 'text'],
  ['notice_hash', 'text'],
  ['channel', 'text'],
  ['actor', 'text'],
  ['caller', 'text'],
  ['origin_system', 'text'],
  ['origin_event_id', 'text'],
  ['decided_at', 'float8'],
  ['received_at', 'float8'],
  ['catalogue_version', 'text'],
  ['brand', 'text'],
  ['systems', 'jsonb'],
  ['attributes', 'jsonb'],
  ['ended_categories', 'jsonb'],
  ['salt', 'bytea'],
  ['row_hash', 'bytea'],
  ['partition', 'smallint'],
  ['due_at', 'float8'],
] as const;

/** Of the subject and of the outbox row. */
const NOT_OF_THE_LEDGER = new Set<string>(['partition', 'due_at']);
const MOMENTS = new Set<string>(['next_change_at', 'decided_at', 'received_at']);
const ledgerColumns = COLUMNS.map(([name]) => name).filter((name) => !NOT_OF_THE_LEDGER.has(name));
/** Epoch milliseconds travel as numbers: cheaper than text on both sides, and exact to the millisecond. */
const valueOf = (name: string): string => (MOMENTS.has(name) ? `to_timestamp(${name} / 1000)` : name);

const parameter = (name: string): string => {
  const at = COLUMNS.findIndex(([column]) => column === name);
  return `$${at + 1}::${COLUMNS[at]?.[1]}[]`;
};

/**
 * Ledger, heads and outbox in one statement: positions, and with them outbox ids, follow the order of the entries. That
 * order, not a join, finds the partition of a row: a plan for any number of entries expects ten, and would compare each
 * with each.
 */
const APPEND = `
WITH entry AS (
  SELECT * FROM unnest(${COLUMNS.map(([name]) => parameter(name)).join(', ')})
    WITH ORDINALITY AS e (${COLUMNS.map(([name]) => name).join(', ')}, ordinal)
), appended AS (
  INSERT INTO ledger (${ledgerColumns.join(', ')})
  SELECT ${ledgerColumns.map(valueOf).join(', ')} FROM entry ORDER BY ordinal
  RETURNING position, subject_id, version, committed_at
), head AS (
  UPDATE subject SET version = newest.version, head_position = newest.position,
                     due_at = least(subject.due_at, to_timestamp(newest.due_at / 1000))
    FROM (SELECT subject_id, max(version) AS version, max(position) AS position, min(due_at) AS due_at
            FROM (SELECT subject_id, version, position, NULL::float8 AS due_at FROM appended
                  UNION ALL SELECT subject_id, version, NULL, due_at FROM entry) AS moved
           GROUP BY subject_id) AS newest
   WHERE subject.subject_id = newest.subject_id
), waiting AS (
  INSERT INTO outbox (lane, kind, position, subject_id, partition, traceparent)
  SELECT $${COLUMNS.length + 2}::smallint, 'decision', position, subject_id,
         (${parameter('partition')})[row_number() OVER (ORDER BY position)], $${COLUMNS.length + 1}
    FROM appended ORDER BY position
)
SELECT position, extract(epoch FROM committed_at)::float8 * 1000 AS committed_at FROM appended ORDER BY position`;

export interface Appending {
  /** W3C Trace Context of the request, carried to the acknowledgement. */
  traceparent: string | null;
  /** Of the outbox. */
  lane: number;
  /** When a clock of the entry next falls due, epoch ms; the subject is looked at by then. */
  dueAt: (entry: LedgerEntry) => number | null;
}

/** Appends entries whose subjects are locked, in the given order, and puts each into a lane of the outbox. */
export async function appendEntries(
  tx: Transaction,
  entries: readonly LedgerEntry[],
  { traceparent, lane, dueAt }: Appending,
): Promise<Appended[]> {
  if (entries.length === 0) return [];
  const rows = entries.map((entry) => [...rowOf(entry), dueAt(entry)]);
  const columns = COLUMNS.map(([, type], column) =>
    arrayOf(
      type,
      rows.map((row) => row[column] ?? null),
    ),
  );
  const result = await tx.query<{ position: string; committed_at: number }>(
    APPEND,
    [...columns, traceparent, lane],
    'append-entries',
  );
  if (result.rows.length !== entries.length)
    throw new Error(`Appended ${result.rows.length} of ${entries.length} entries`);
  return result.rows.map(({ position, committed_at }, i) => ({
    entry: entries[i] as LedgerEntry,
    position: Number(position),
    committedAt: Math.round(committed_at),
  }));
}

const FREE_TEXT = new Set(['text', 'jsonb', 'bytea']);

const arrayOf = (type: string, values: readonly Value[]): string =>
  FREE_TEXT.has(type) ? textArray(values as (string | null)[]) : plainArray(values);

type Value = string | number | boolean | null;

/** In the order of COLUMNS, without the last. */
function rowOf(entry: LedgerEntry): Value[] {
  const { salt, hash } = seal(entry);
  return [
    entry.subjectId,
    entry.version,
    entry.decisionId,
    entry.scope.level,
    entry.scope.id,
    entry.purposeId,
    entry.status,
    entry.direction,
    entry.permission.allowed,
    entry.permission.reason,
    entry.permission.nextChangeAt,
    entry.effective,
    entry.cause,
    entry.bundleId,
    entry.notice?.id ?? null,
    entry.notice?.version ?? null,
    entry.notice?.language ?? null,
    entry.notice?.contentHash ?? null,
    entry.evidence.channel,
    entry.evidence.actor,
    entry.evidence.caller,
    entry.evidence.origin?.system ?? null,
    entry.evidence.origin?.eventId ?? null,
    entry.decidedAt,
    entry.receivedAt,
    entry.catalogueVersion,
    entry.brand,
    JSON.stringify(entry.systems),
    JSON.stringify(entry.attributes),
    JSON.stringify(entry.endedCategories),
    hex(salt),
    hex(hash),
    partitionOf(entry.subjectId),
  ];
}

const hex = (bytes: Buffer): string => `\\x${bytes.toString('hex')}`;
