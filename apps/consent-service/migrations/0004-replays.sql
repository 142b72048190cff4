-- Danger: the list of a replay is frozen when it is asked for; changing it afterwards makes the audit record false.
CREATE TABLE replay_run (
  replay_id      uuid PRIMARY KEY,
  system_id      text NOT NULL,
  mode           text NOT NULL CHECK (mode IN ('redeliver', 'repair')),
  selection      jsonb NOT NULL,
  caller         text NOT NULL,
  state          text NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'enqueued', 'done')),
  planned        integer NOT NULL,
  subjects       integer NOT NULL,
  per_purpose    jsonb NOT NULL,
  -- Items moved to the outbox so far, in the order of their ordinals.
  enqueued       integer NOT NULL DEFAULT 0,
  last_outbox_id bigint,
  created_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  enqueued_at    timestamptz,
  done_at        timestamptz
);
CREATE INDEX replay_run_open ON replay_run (created_at) WHERE state <> 'done';

CREATE TABLE replay_item (
  replay_id uuid NOT NULL REFERENCES replay_run,
  ordinal   integer NOT NULL,
  position  bigint NOT NULL,
  PRIMARY KEY (replay_id, ordinal)
);

GRANT SELECT, INSERT, UPDATE ON replay_run TO :app_role;
GRANT SELECT, INSERT ON replay_item TO :app_role;
