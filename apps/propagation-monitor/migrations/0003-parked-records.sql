-- Danger: none. Adds two empty columns: what each system says it has parked.

-- Records that wait in the system to be released, unreadable ones among them, as it said in its newest answer to a
-- heartbeat that tells, and when the broker took that in. Null: it never told.
ALTER TABLE system_heard
  ADD COLUMN parked_records bigint,
  ADD COLUMN parked_at      timestamptz;
