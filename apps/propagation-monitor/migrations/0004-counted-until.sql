-- Danger: none. Adds an empty column: when each heartbeat was put into the outbox.

-- By the clock of the ledger's database. Live decisions that were accepted before it stand before it on its partition. Null:
-- read by the release before, or only an acknowledgement has been read.
ALTER TABLE heartbeat ADD COLUMN committed_at timestamptz;
