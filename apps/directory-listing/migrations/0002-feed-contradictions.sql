-- Danger: none. Adds an empty table.

-- What a supplier said under the id of another statement of its own: answered as a problem, and kept. What it closes is closed.
CREATE TABLE feed_contradiction (
  supplier text NOT NULL,
  source_event_id text NOT NULL,
  subject_id uuid NOT NULL,
  line_id uuid NOT NULL,
  listable boolean NOT NULL,
  as_of timestamptz NOT NULL,
  received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  FOREIGN KEY (supplier, source_event_id) REFERENCES feed_event,
  PRIMARY KEY (supplier, source_event_id, subject_id, line_id, listable, as_of)
);
CREATE INDEX feed_contradiction_of_subject ON feed_contradiction (subject_id);

GRANT SELECT, INSERT ON feed_contradiction TO :app_role;
