-- Danger: none. Adds the tables by which the ledger is held against the topic; counts begin with the next record read.

-- What consent.decisions has shown, by partition and slice of the time of commit. Counted in the transaction that stores the
-- decisions, each once; rows go when the ledger agrees.
CREATE TABLE shown_slice (
  slice_start timestamptz NOT NULL,
  partition   smallint NOT NULL,
  decisions   bigint NOT NULL,
  -- Sum of the last 32 bits of the decision ids: tells equal counts apart.
  id_sum      bigint NOT NULL,
  PRIMARY KEY (slice_start, partition)
) WITH (fillfactor = 50);

-- Up to where each partition has been held against the ledger. First set behind the first heartbeat read: what was
-- committed before it may have left the topic, or have been read before slices were counted.
CREATE TABLE ledger_checked (
  partition     smallint PRIMARY KEY,
  checked_until timestamptz NOT NULL
);

-- Slices before checked_until on which ledger and topic do not agree yet. They are asked for again until they do.
CREATE TABLE ledger_gap (
  slice_start timestamptz NOT NULL,
  partition   smallint NOT NULL,
  -- In the ledger, left the outbox, not on the topic.
  missing     bigint NOT NULL,
  -- On the topic, not in the ledger.
  unrecorded  bigint NOT NULL,
  -- In the outbox.
  waiting     bigint NOT NULL,
  looked_at   timestamptz NOT NULL,
  PRIMARY KEY (slice_start, partition)
);
CREATE INDEX ledger_gap_by_look ON ledger_gap (looked_at);

GRANT SELECT, INSERT, UPDATE, DELETE ON shown_slice, ledger_checked, ledger_gap TO :app_role;
