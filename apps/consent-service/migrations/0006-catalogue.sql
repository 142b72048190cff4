-- Danger: catalogue_in_force says by which rules every service decides; it moves by an applied change, never by hand.
CREATE TABLE catalogue_version (
  version   text PRIMARY KEY,
  -- [{"name": "purposes/07-marketing.yaml", "text": "..."}]: all files, so that an answer as of this version can be given again.
  files     jsonb NOT NULL,
  caller    text NOT NULL,
  stored_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE catalogue_in_force (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  version  text NOT NULL REFERENCES catalogue_version,
  since    timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE catalogue_change (
  change_id      uuid PRIMARY KEY,
  from_version   text NOT NULL REFERENCES catalogue_version,
  to_version     text NOT NULL REFERENCES catalogue_version,
  -- What the new version says otherwise about its purposes.
  difference     jsonb NOT NULL,
  -- planning: effects are counted. planned, refused: counted. running: entries are written. recorded: all are in the
  -- outbox. done: the broker has them.
  state          text NOT NULL DEFAULT 'planning'
                   CHECK (state IN ('planning', 'planned', 'refused', 'running', 'recorded', 'done')),
  caller         text NOT NULL,
  -- The last subject that this phase is through with, and how many it saw.
  at_subject     uuid,
  subjects       bigint NOT NULL DEFAULT 0,
  -- {"<purpose>": {"opening": people, "closing": people, "withheld": people}}, of the plan and of the run.
  planned        jsonb NOT NULL DEFAULT '{}',
  recorded       jsonb NOT NULL DEFAULT '{}',
  plan_hash      text,
  applied_by     text,
  last_outbox_id bigint,
  created_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  applied_at     timestamptz,
  done_at        timestamptz
);
CREATE INDEX catalogue_change_open ON catalogue_change (created_at) WHERE state IN ('planning', 'running', 'recorded');

GRANT SELECT, INSERT ON catalogue_version TO :app_role;
GRANT SELECT, INSERT, UPDATE ON catalogue_in_force TO :app_role;
GRANT SELECT, INSERT, UPDATE ON catalogue_change TO :app_role;
