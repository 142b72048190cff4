import { type LedgerEntry, type TripleState } from '@consent/consent-rules';
import { type Transaction } from '@consent/postgres';

/** Newest entry of a triple with the state after it. */
export interface HeadState {
  entry: LedgerEntry;
  position: number;
  state: TripleState;
}

const UPSERT = `
INSERT INTO current_state (subject_id, scope_id, purpose_id, scope_level, version, decision_id, position, status, allowed,
                           reason, next_change_at, decided_at, closed_decided_at)
SELECT subject_id, scope_id, purpose_id, scope_level, version, decision_id, position, status, allowed, reason,
       to_timestamp(next_change_at / 1000), to_timestamp(decided_at / 1000), to_timestamp(closed_decided_at / 1000)
  FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::bigint[], $6::uuid[], $7::bigint[], $8::text[],
              $9::boolean[], $10::text[], $11::float8[], $12::float8[], $13::float8[])
    AS s (subject_id, scope_id, purpose_id, scope_level, version, decision_id, position, status, allowed, reason,
          next_change_at, decided_at, closed_decided_at)
ON CONFLICT (subject_id, scope_id, purpose_id) DO UPDATE
  SET (version, decision_id, position, status, allowed, reason, next_change_at, decided_at, closed_decided_at)
    = (excluded.version, excluded.decision_id, excluded.position, excluded.status, excluded.allowed, excluded.reason,
       excluded.next_change_at, excluded.decided_at, excluded.closed_decided_at)`;

/** Stores the newest state of each triple; one per triple. */
export async function storeStates(tx: Transaction, heads: readonly HeadState[]): Promise<void> {
  if (heads.length === 0) return;
  const rows = heads.map(({ entry, position, state }) => [
    entry.subjectId,
    entry.scope.id,
    entry.purposeId,
    entry.scope.level,
    state.version,
    state.decisionId,
    position,
    state.status,
    state.allowed,
    state.reason,
    state.nextChangeAt,
    state.decidedAt,
    state.closedDecidedAt,
  ]);
  const columns = Array.from({ length: 13 }, (_, column) => rows.map((row) => row[column]));
  await tx.query(UPSERT, columns, 'store-states');
}
