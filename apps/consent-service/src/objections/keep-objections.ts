import { type Catalogue, isByRule, type LedgerEntry, receiptOf, replyClocks } from '@consent/consent-rules';
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
   SET closed_at = to_timestamp($4::float8 / 1000), outcome = $5, outcome_id = $6, closed_by = $7, ground = $8
 WHERE subject_id = $1 AND scope_id = $2 AND purpose_id = $3 AND closed_at IS NULL`;

/**
 * Opens and closes the requests behind reasoned objections along with their entries.
 * @param assessed triples with one open, by tripleKey, also where the purpose got another choice model since, or left the catalogue
 */
export async function keepObjections(
  tx: Transaction,
  entries: readonly LedgerEntry[],
  catalogue: Catalogue,
  assessed: ReadonlySet<string> = new Set(),
): Promise<void> {
  const isAnswer = ({ subjectId, scope, purposeId }: LedgerEntry): boolean =>
    assessed.has(tripleKey({ subjectId, scopeId: scope.id, purposeId }));
  await Promise.all(
    entries
      .filter(
        (entry) =>
          entry.effective && !isByRule(entry.cause) && (isMotivated(catalogue, entry.purposeId) || isAnswer(entry)),
      )
      .map((entry) => (entry.status === 'objection_submitted' ? open(tx, entry) : close(tx, entry))),
  );
}

const isMotivated = (catalogue: Catalogue, purposeId: string): boolean =>
  catalogue.purposes.get(purposeId)?.choiceModel === 'objection-motivated';

function open(tx: Transaction, entry: LedgerEntry): Promise<unknown> {
  const received = receiptOf(entry);
  const { replyBy } = replyClocks(received, null, false);
  const { decisionId, subjectId, scope, purposeId, evidence } = entry;
  const values = [decisionId, subjectId, scope.level, scope.id, purposeId, evidence.caller, received, replyBy];
  return tx.query(OPEN, values, 'open-objection');
}

function close(tx: Transaction, entry: LedgerEntry): Promise<unknown> {
  const { decisionId, subjectId, scope, purposeId, evidence, receivedAt, status, attributes } = entry;
  const ground = attributes['ground'] ?? null;
  const values = [subjectId, scope.id, purposeId, receivedAt, status, decisionId, evidence.caller, ground];
  return tx.query(CLOSE, values, 'close-objection');
}
