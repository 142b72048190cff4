import { type LedgerEntry, type TripleState } from '@consent/consent-rules';
import { plainArray, textArray, type Transaction } from '@consent/postgres';

/** Newest entry of a triple with the state after it. */
export interface HeadState {
  entry: LedgerEntry;
  state: TripleState;
}

const UPSERT = `
INSERT INTO current_state (subject_id, scope_id, purpose_id, scope_level, version, decision_id, position, status, allowed,
                           reason, next_change_at, decided_at, closed_decided_at, said_no_at, announced_period,
                           ended_categories)
SELECT s.subject_id, s.scope_id, s.purpose_id, s.scope_level, s.version, s.decision_id, ledger.position, s.status, s.allowed,
       s.reason, to_timestamp(s.next_change_at / 1000), to_timestamp(s.decided_at / 1000),
       to_timestamp(s.closed_decided_at / 1000), to_timestamp(s.said_no_at / 1000), s.announced_period, s.ended_categories
  FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::bigint[], $6::uuid[], $7::text[], $8::boolean[],
              $9::text[], $10::float8[], $11::float8[], $12::float8[], $13::float8[], $14::text[], $15::jsonb[])
    AS s (subject_id, scope_id, purpose_id, scope_level, version, decision_id, status, allowed, reason, next_change_at,
          decided_at, closed_decided_at, said_no_at, announced_period, ended_categories)
  JOIN ledger ON ledger.decision_id = s.decision_id
ON CONFLICT (subject_id, scope_id, purpose_id) DO UPDATE
  SET (version, decision_id, position, status, allowed, reason, next_change_at, decided_at, closed_decided_at,
       said_no_at, announced_period, ended_categories)
    = (excluded.version, excluded.decision_id, excluded.position, excluded.status, excluded.allowed, excluded.reason,
       excluded.next_change_at, excluded.decided_at, excluded.closed_decided_at, excluded.said_no_at,
       excluded.announced_period, excluded.ended_categories)`;

/** Stores the newest state of each triple; one per triple, whose entry has been appended. */
export async function storeStates(tx: Transaction, heads: readonly HeadState[]): Promise<void> {
  if (heads.length === 0) return;
  const columns = [
    heads.map(({ entry }) => entry.subjectId),
    heads.map(({ entry }) => entry.scope.id),
    heads.map(({ entry }) => entry.purposeId),
    heads.map(({ entry }) => entry.scope.level),
    heads.map(({ state }) => state.version),
    heads.map(({ state }) => state.decisionId),
    heads.map(({ state }) => state.status),
    heads.map(({ state }) => state.allowed),
    heads.map(({ state }) => state.reason),
    heads.map(({ state }) => state.nextChangeAt),
    heads.map(({ state }) => state.decidedAt),
    heads.map(({ state }) => state.closedDecidedAt),
    heads.map(({ state }) => state.saidNoAt),
    heads.map(({ state }) => state.announcedPeriod),
  ];
  const ended = textArray(heads.map(({ state }) => JSON.stringify(state.endedCategories)));
  await tx.query(UPSERT, [...columns.map(plainArray), ended], 'store-states');
}
