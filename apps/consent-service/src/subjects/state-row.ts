import { type HeldState, type ReasonCode, type ScopeLevel, type Status } from '@consent/consent-rules';

/** A row of current_state as `pg` returns it. */
export interface StateRow {
  subject_id: string;
  scope_id: string;
  purpose_id: string;
  scope_level: ScopeLevel;
  version: string;
  decision_id: string;
  position: string;
  status: Status;
  allowed: boolean;
  reason: ReasonCode;
  next_change_at: Date | null;
  decided_at: Date | null;
  closed_decided_at: Date | null;
}

export const heldState = (row: StateRow): HeldState => ({
  scope: { level: row.scope_level, id: row.scope_id },
  purposeId: row.purpose_id,
  state: {
    version: Number(row.version),
    decisionId: row.decision_id,
    status: row.status,
    allowed: row.allowed,
    reason: row.reason,
    nextChangeAt: row.next_change_at?.getTime() ?? null,
    decidedAt: row.decided_at?.getTime() ?? null,
    closedDecidedAt: row.closed_decided_at?.getTime() ?? null,
  },
});
