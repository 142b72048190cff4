-- Danger: an objection whose row is lost is still in the ledger and still restricts, but nobody is reminded to answer it.

-- The request behind a reasoned objection: its legal clocks, and who may not answer it. What is allowed is in the ledger alone.
CREATE TABLE objection (
  -- The decision that submitted it.
  objection_id     uuid PRIMARY KEY,
  subject_id       uuid NOT NULL,
  scope_level      text NOT NULL,
  scope_id         uuid NOT NULL,
  purpose_id       text NOT NULL,
  -- Callers that recorded it, or recorded it again.
  recorded_by      text[] NOT NULL,
  received_at      timestamptz NOT NULL,
  -- When all needed information was in; null until then.
  complete_at      timestamptz,
  -- A month from receipt, three when extended.
  reply_by         timestamptz NOT NULL,
  extension_reason text CHECK (extension_reason IN ('number-of-requests', 'complexity')),
  extended_by      text,
  -- When the person was told that it takes longer.
  notified_at      timestamptz,
  -- Set once, when reply_by passed without an answer.
  overdue_at       timestamptz,
  closed_at        timestamptz,
  -- objected, objection_rejected or objection_lifted.
  outcome          text,
  outcome_id       uuid,
  closed_by        text,
  -- Why it was upheld or rejected: a code, no text.
  ground           text,
  CHECK ((closed_at IS NULL) = (outcome IS NULL)),
  CHECK ((extension_reason IS NULL) = (notified_at IS NULL))
);
CREATE UNIQUE INDEX objection_open ON objection (subject_id, scope_id, purpose_id) WHERE closed_at IS NULL;
CREATE INDEX objection_reply_by ON objection (reply_by, objection_id) WHERE closed_at IS NULL;
CREATE INDEX objection_closed ON objection (closed_at, objection_id) WHERE closed_at IS NOT NULL;

-- Objections under assessment from before; a month from when they were recorded.
INSERT INTO objection (objection_id, subject_id, scope_level, scope_id, purpose_id, recorded_by, received_at, reply_by)
SELECT decision_id, subject_id, scope_level, scope_id, purpose_id, ARRAY[caller], received_at, received_at + interval '1 month'
  FROM current_state
  JOIN ledger USING (subject_id, scope_id, purpose_id, scope_level, version, decision_id)
 WHERE current_state.status = 'objection_submitted';

GRANT SELECT, INSERT, UPDATE ON objection TO :app_role;
