import { type Scope, type Status } from '@consent/consent-rules';

/** A row of objection as `pg` returns it. */
export interface ObjectionRow {
  objection_id: string;
  subject_id: string;
  scope_level: Scope['level'];
  scope_id: string;
  purpose_id: string;
  recorded_by: string[];
  received_at: Date;
  complete_at: Date | null;
  reply_by: Date;
  extension_reason: string | null;
  extended_by: string | null;
  notified_at: Date | null;
  overdue_at: Date | null;
  closed_at: Date | null;
  outcome: Status | null;
  outcome_id: string | null;
  closed_by: string | null;
  ground: string | null;
}
