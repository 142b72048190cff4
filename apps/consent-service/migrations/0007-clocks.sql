-- Danger: writes every subject that has a clock, once. Clearing due_at by hand stops the clocks of that subject.

-- The earliest moment at which a clock of the subject may change something; never later than that, and null when none is
-- set. Kept with each entry and with facts; the scheduler sets it anew.
ALTER TABLE subject ADD COLUMN due_at timestamptz;
CREATE INDEX subject_due ON subject (due_at) WHERE due_at IS NOT NULL;

-- Consents and objections whose proof is no longer needed: entries of the triple up to this version may be erased.
CREATE TABLE proof_ended (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  subject_id  uuid NOT NULL,
  scope_level text NOT NULL,
  scope_id    uuid NOT NULL,
  purpose_id  text NOT NULL,
  version     bigint NOT NULL,
  -- When the consent or objection really ended, and until when it had to be proven.
  ended_at    timestamptz NOT NULL,
  kept_until  timestamptz NOT NULL,
  noted_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  UNIQUE (subject_id, version)
);

-- Before this there was no scheduler: whatever is late falls due at its own moment, all else is looked at once.
UPDATE subject
   SET due_at = least(clock_timestamp(), contract_end, clocks.next_change_at)
  FROM (SELECT subject_id, min(next_change_at) AS next_change_at,
               bool_or(next_change_at IS NOT NULL OR status NOT IN ('given', 'requested', 'objected')) AS any
          FROM current_state GROUP BY subject_id) AS clocks
 WHERE subject.subject_id = clocks.subject_id AND (clocks.any OR contract_end IS NOT NULL);
UPDATE subject SET due_at = least(clock_timestamp(), contract_end) WHERE due_at IS NULL AND contract_end IS NOT NULL;

GRANT SELECT, INSERT ON proof_ended TO :app_role;
