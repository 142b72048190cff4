import { isByRule, type LedgerEntry, receiptOf, replyClocks } from '@consent/consent-rules';
import { tripleKey } from '@consent/events';
import { type Transaction } from '@consent/postgres';

/** One that is sent in again while it is open keeps its first receipt, and may be answered by none of its recorders. */
const OPEN = `
INSERT INTO objection (objection_id, subject_id, scope_level, scope_id, purpose_id, recorded_by, received_at, reply_by)
VALUES ($1, $2, $3, $4, $5, ARRAY[$6], to_timestamp($7::float8 / 1000), to_timestamp($8::float8 / 1000))
ON CONFLICT (subject_id, scope_id, purpose_id) WHERE closed_at IS NULL DO UPDATE
  SET recorded_by = CASE WHEN $6 = ANY (objection.recorded_by) THEN objection.recorded_by
                         ELSE array_append(objection.recorded_by, $6) END`;

const CLOSE = `
UPDATE objection
   SET closed_at = to_timestamp(said.received_at / 1000), outcome = said.outcome, outcome_id = said.outcome_id,
       closed_by = said.closed_by, ground = said.ground
  FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::float8[], $5::text[], $6::uuid[], $7::text[], $8::text[])
    AS said (subject_id, scope_id, purpose_id, received_at, outcome, outcome_id, closed_by, ground)
 WHERE (objection.subject_id, objection.scope_id, objection.purpose_id) = (said.subject_id, said.scope_id, said.purpose_id)
   AND closed_at IS NULL`;

/**
 * Opens and closes the requests behind reasoned objections along with their entries, in their order. Whatever is said of a
 * triple with effect closes the one that is open there, also where the purpose got another choice model since or left the catalogue.
 */
export async function keepObjections(tx: Transaction, entries: readonly LedgerEntry[]): Promise<void> {
  const sent: Promise<unknown>[] = [];
  // Of each triple the first word since an objection was opened.
  let words = new Map<string, LedgerEntry>();
  for (const entry of entries) {
    if (!entry.effective || isByRule(entry.cause)) continue;
    const key = tripleKey({ subjectId: entry.subjectId, scopeId: entry.scope.id, purposeId: entry.purposeId });
    if (entry.status === 'objection_submitted') {
      sent.push(close(tx, words), open(tx, entry));
      words = new Map();
    } else if (!words.has(key)) words.set(key, entry);
  }
  await Promise.all([...sent, close(tx, words)]);
}

function open(tx: Transaction, entry: LedgerEntry): Promise<unknown> {
  const received = receiptOf(entry);
  const { replyBy } = replyClocks(received, null, false);
  const { decisionId, subjectId, scope, purposeId, evidence } = entry;
  const values = [decisionId, subjectId, scope.level, scope.id, purposeId, evidence.caller, received, replyBy];
  return tx.query(OPEN, values, 'open-objection');
}

async function close(tx: Transaction, words: ReadonlyMap<string, LedgerEntry>): Promise<void> {
  if (words.size === 0) return;
  const entries = [...words.values()];
  const values = [
    entries.map(({ subjectId }) => subjectId),
    entries.map(({ scope }) => scope.id),
    entries.map(({ purposeId }) => purposeId),
    entries.map(({ receivedAt }) => receivedAt),
    entries.map(({ status }) => status),
    entries.map(({ decisionId }) => decisionId),
    entries.map(({ evidence }) => evidence.caller),
    entries.map(({ attributes }) => attributes['ground'] ?? null),
  ];
  await tx.query(CLOSE, values, 'close-objections');
}
