-- Danger: none. Creates the monitor's tables in an empty database; holds random ids only.

-- One row a decision, with every system's answer in it: 5 pairs cost one row, one key and mostly one write.
CREATE TABLE propagation (
  decision_id  uuid PRIMARY KEY,
  subject_id   uuid NOT NULL,
  version      bigint NOT NULL,
  scope_id     uuid NOT NULL,
  purpose_id   text NOT NULL,
  -- The five below are null while only an acknowledgement has been read.
  status       text,
  direction    text CHECK (direction IN ('opening', 'closing')),
  lane         text CHECK (lane IN ('live', 'bulk')),
  committed_at timestamptz,
  -- Broker's append time less the outbox wait: the commit on the broker's clock, from which lag and age count.
  clock_start  timestamptz,
  -- System id → {applyBy, outcome, acknowledgedAt, appliedAt, effects, reason, replayId}, times in epoch milliseconds.
  -- An entry without applyBy is an answer of a system that the decision does not concern, or not yet known to.
  systems      jsonb NOT NULL,
  -- Append time of the first record read about it; retention counts from here.
  seen_at      timestamptz NOT NULL
) WITH (fillfactor = 85);
CREATE INDEX propagation_of_subject ON propagation (subject_id, version);
CREATE INDEX propagation_by_age ON propagation (seen_at);

-- The pairs that are not complied with yet: small while all is well, and in the order of their age.
CREATE TABLE open_pair (
  system_id   text NOT NULL,
  clock_start timestamptz NOT NULL,
  decision_id uuid NOT NULL,
  direction   text NOT NULL,
  apply_by    timestamptz NOT NULL,
  state       text NOT NULL CHECK (state IN ('pending', 'parked', 'conflict', 'rejected')),
  PRIMARY KEY (system_id, clock_start, decision_id)
) WITH (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 1000, autovacuum_analyze_scale_factor = 0.2);

-- Settled pairs since the beginning.
CREATE TABLE settled_total (
  system_id text NOT NULL,
  outcome   text NOT NULL,
  total     bigint NOT NULL,
  PRIMARY KEY (system_id, outcome)
);

-- Propagation lag of pairs settled within ten seconds: counts per logarithmic bucket (src/status/lag-buckets.ts).
CREATE TABLE lag_slice (
  slice_start timestamptz NOT NULL,
  system_id   text NOT NULL,
  direction   text NOT NULL,
  lane        text NOT NULL,
  counts      integer[] NOT NULL,
  PRIMARY KEY (slice_start, system_id, direction, lane)
);

-- What was heard last from a system. No row: it has never answered.
CREATE TABLE system_heard (
  system_id         text PRIMARY KEY,
  last_answer_at    timestamptz NOT NULL,
  last_effect       text,
  last_effect_count bigint,
  last_effect_at    timestamptz,
  -- Heartbeats that were passed over, among those already removed from the table below.
  heartbeats_lost   bigint NOT NULL DEFAULT 0
);

-- The heartbeats of the last minutes, by their place on consent.decisions, and who has answered.
CREATE TABLE heartbeat (
  partition     smallint NOT NULL,
  source_offset bigint NOT NULL,
  -- Null while only an acknowledgement has been read.
  appended_at   timestamptz,
  answered      text[] NOT NULL,
  seen_at       timestamptz NOT NULL,
  PRIMARY KEY (partition, source_offset)
);

-- Where reading goes on. Moved in the transaction that stores what was read, so that a restart loses and doubles nothing.
CREATE TABLE read_cursor (
  topic       text NOT NULL,
  partition   smallint NOT NULL,
  next_offset bigint NOT NULL,
  PRIMARY KEY (topic, partition)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON propagation, open_pair, settled_total, lag_slice, system_heard, heartbeat, read_cursor TO :app_role;
