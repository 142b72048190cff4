-- Danger: none. Adds an empty column and an empty table.

-- Why the dead-letter topic does not take a copy, in a sentence; null while it has one, or has not been asked yet.
ALTER TABLE parked_decision ADD COLUMN copy_refused text;

-- Unreadable records that an operator has set aside although no topic has a copy: here they are kept, byte for byte.
CREATE TABLE discarded_record (
  id            bigint      PRIMARY KEY,
  subject_id    uuid,
  reason        text        NOT NULL,
  detail        text        NOT NULL,
  record_key    bytea,
  record_value  bytea,
  headers       jsonb       NOT NULL,
  topic         text        NOT NULL,
  partition     integer     NOT NULL,
  record_offset bigint      NOT NULL,
  parked_at     timestamptz NOT NULL,
  discarded_at  timestamptz NOT NULL DEFAULT clock_timestamp()
);

GRANT SELECT, INSERT ON discarded_record TO :app_role;
