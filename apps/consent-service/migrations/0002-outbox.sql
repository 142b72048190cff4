-- Danger: rows in the outbox are decisions that no system has seen yet. Emptying the table by hand loses them until a replay.
CREATE TABLE outbox (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- 0 live, 1 bulk: live goes first.
  lane        smallint NOT NULL CHECK (lane IN (0, 1)),
  kind        text NOT NULL CHECK (kind IN ('decision', 'replay', 'heartbeat')),
  -- The ledger entry that the relay joins and encodes when it publishes.
  position    bigint,
  -- The record key.
  subject_id  uuid NOT NULL,
  partition   smallint NOT NULL,
  traceparent text,
  -- Record headers beyond those of every decision: replay id, target system, mode, ledger head.
  headers     jsonb,
  payload     bytea,
  created_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  CHECK ((position IS NULL) = (kind = 'heartbeat'))
)
-- The table is nearly always empty and its rows live for milliseconds: clean up often and never in long strides.
WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_insert_threshold = -1,
      autovacuum_vacuum_cost_delay = 0);
CREATE INDEX outbox_lane ON outbox (lane, id);

GRANT SELECT, INSERT, DELETE ON outbox TO :app_role;
