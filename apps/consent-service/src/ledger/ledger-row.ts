import { type ConcernedSystem, type EndedCategory } from '@consent/events';
import { type Cause, type ReasonCode, type Scope, type Status } from '@consent/consent-rules';

/** A row of the ledger as `pg` returns it: bigint as text, timestamptz as Date, jsonb parsed. */
export interface LedgerRow {
  position: string;
  subject_id: string;
  version: string;
  decision_id: string;
  scope_level: Scope['level'];
  scope_id: string;
  purpose_id: string;
  status: Status;
  direction: 'opening' | 'closing';
  allowed: boolean;
  reason: ReasonCode;
  next_change_at: Date | null;
  effective: boolean;
  cause: Cause;
  bundle_id: string | null;
  notice_id: string | null;
  notice_version: string | null;
  notice_language: string | null;
  notice_hash: string | null;
  channel: string;
  actor: 'self' | 'guardian' | 'agent' | 'system';
  caller: string;
  origin_system: string | null;
  origin_event_id: string | null;
  decided_at: Date;
  received_at: Date;
  committed_at: Date;
  catalogue_version: string;
  brand: string | null;
  systems: ConcernedSystem[];
  attributes: Record<string, string>;
  ended_categories: EndedCategory[];
  salt: Buffer;
  row_hash: Buffer;
}
