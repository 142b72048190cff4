import { type EndedCategory } from '@consent/events';
import { type HeldState, type ReasonCode, type ScopeLevel, type Status } from '@consent/consent-rules';

/** A row of current_state as `pg` returns it; inside JSON its times are ISO 8601. */
export interface StateRow {
  subject_id: string;
  scope_id: string;
  purpose_id: string;
  scope_level: ScopeLevel;
  version: string | number;
  decision_id: string;
  position: string;
  status: Status;
  allowed: boolean;
  reason: ReasonCode;
  next_change_at: Date | string | null;
  decided_at: Date | string | null;
  closed_decided_at: Date | string | null;
  said_no_at: Date | string | null;
  announced_period: string | null;
  ended_categories: EndedCategory[];
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
    nextChangeAt: millis(row.next_change_at),
    decidedAt: millis(row.decided_at),
    closedDecidedAt: millis(row.closed_decided_at),
    saidNoAt: millis(row.said_no_at),
    announcedPeriod: row.announced_period,
    endedCategories: row.ended_categories,
  },
});

const millis = (at: Date | string | null): number | null => (at === null ? null : new Date(at).getTime());
