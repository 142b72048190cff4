-- Danger: none. The outbox is small; the index is built in a moment.
-- Finds what the bulk lane still has of a subject of whom a live decision goes out.
CREATE INDEX outbox_bulk_subject ON outbox (subject_id) WHERE lane = 1;
