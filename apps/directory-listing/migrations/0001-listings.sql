-- Danger: none; creates tables only.

-- One row a triple that has been decided. A line without a row was never granted, so it is not listed (6.3.4).
CREATE TABLE listing (
  subject_id uuid NOT NULL,
  line_id uuid NOT NULL,
  purpose_id text NOT NULL,
  part text NOT NULL CHECK (part IN ('contact', 'profession', 'provision')),
  offered boolean NOT NULL,
  version bigint NOT NULL,
  decision_id uuid NOT NULL,
  -- A supplier's feed closed it. Only a newer grant of the person takes that away.
  closed_by_feed boolean NOT NULL DEFAULT false,
  PRIMARY KEY (subject_id, line_id, purpose_id)
) WITH (fillfactor = 80);

-- What suppliers said of a line, and what came of it. The key makes a repeated event answer as the first time.
CREATE TABLE feed_event (
  supplier text NOT NULL,
  source_event_id text NOT NULL,
  subject_id uuid NOT NULL,
  line_id uuid NOT NULL,
  listable boolean NOT NULL,
  as_of timestamptz NOT NULL,
  outcome text NOT NULL CHECK (
    outcome IN ('already_listed', 'already_unlisted', 'closed', 'resurrection_blocked', 'no_grant')
  ),
  -- Version of the listing that decided the outcome; null where the line was never decided.
  version bigint,
  received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (supplier, source_event_id)
);
CREATE INDEX feed_event_of_line ON feed_event (subject_id, line_id);

CREATE TABLE hand_over (
  hand_over_id uuid PRIMARY KEY,
  handed_over_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Each line handed to the central number database, with the versions that allowed it.
CREATE TABLE hand_over_line (
  hand_over_id uuid NOT NULL REFERENCES hand_over,
  subject_id uuid NOT NULL,
  line_id uuid NOT NULL,
  version bigint NOT NULL,
  profession_version bigint,
  PRIMARY KEY (hand_over_id, line_id)
);
CREATE INDEX hand_over_line_of_line ON hand_over_line (subject_id, line_id);

-- Each part has its own switch. The hand-over also asks that the contact part is offered, so it can give less than this says, never more.
CREATE VIEW effective_state AS
SELECT
  subject_id,
  line_id AS scope_id,
  purpose_id,
  offered AND NOT closed_by_feed AS allowed,
  version
FROM listing;

GRANT SELECT, INSERT, UPDATE, DELETE ON listing TO :app_role;
GRANT SELECT, INSERT ON feed_event, hand_over, hand_over_line TO :app_role;
GRANT UPDATE (profession_version) ON hand_over_line TO :app_role;
GRANT SELECT ON effective_state TO :app_role;
