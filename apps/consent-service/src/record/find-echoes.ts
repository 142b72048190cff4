import { type DecideCommand } from '@consent/consent-rules';
import { type Transaction } from '@consent/postgres';

/** What the ledger holds of an event of a source system. */
export interface RecordedOrigin {
  position: number;
  subjectId: string;
  scopeId: string;
  purposeId: string;
  status: string;
}

interface Row {
  origin_system: string;
  origin_event_id: string;
  position: string;
  subject_id: string;
  scope_id: string;
  purpose_id: string;
  status: string;
}

const FIND = `
SELECT ledger.origin_system, ledger.origin_event_id, position, subject_id, scope_id, purpose_id, status
  FROM unnest($1::text[], $2::text[]) AS o (origin_system, origin_event_id)
  JOIN ledger USING (origin_system, origin_event_id)`;

export const originKey = (origin: { system: string; eventId: string }): string => `${origin.system}\n${origin.eventId}`;

/** Events of source systems that are in the ledger already, by `originKey`. */
export async function findEchoes(
  tx: Transaction,
  commands: readonly DecideCommand[],
): Promise<Map<string, RecordedOrigin>> {
  const origins = commands.flatMap(({ evidence }) => evidence.origin ?? []);
  if (origins.length === 0) return new Map();
  const values = [origins.map((o) => o.system), origins.map((o) => o.eventId)];
  const { rows } = await tx.query<Row>(FIND, values, 'find-echoes');
  return new Map(
    rows.map((row) => [
      originKey({ system: row.origin_system, eventId: row.origin_event_id }),
      {
        position: Number(row.position),
        subjectId: row.subject_id,
        scopeId: row.scope_id,
        purposeId: row.purpose_id,
        status: row.status,
      },
    ]),
  );
}
