import { type DecideCommand } from '@consent/consent-rules';
import { tripleKey } from '@consent/events';
import { type Transaction } from '@consent/postgres';

const READ = `
SELECT objection.subject_id, objection.scope_id, objection.purpose_id, recorded_by
  FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS t (subject_id, scope_id, purpose_id)
  JOIN objection USING (subject_id, scope_id, purpose_id)
 WHERE closed_at IS NULL`;

interface Row {
  subject_id: string;
  scope_id: string;
  purpose_id: string;
  recorded_by: string[];
}

/** Who recorded the open objections that commands answer, by tripleKey. */
export async function readRecorders(
  tx: Transaction,
  commands: readonly DecideCommand[],
): Promise<Map<string, ReadonlySet<string>>> {
  const answers = commands.filter(({ status }) => status === 'objected' || status === 'objection_rejected');
  if (answers.length === 0) return new Map();
  const { rows } = await tx.query<Row>(
    READ,
    [answers.map((c) => c.subjectId), answers.map((c) => c.scope.id), answers.map((c) => c.purposeId)],
    'read-recorders',
  );
  return new Map(
    rows.map((row) => [
      tripleKey({ subjectId: row.subject_id, scopeId: row.scope_id, purposeId: row.purpose_id }),
      new Set(row.recorded_by),
    ]),
  );
}
