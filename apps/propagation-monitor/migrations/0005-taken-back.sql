-- Danger: none. Adds a column of zeros: settled pairs of which their system said later that it does not comply any more.

-- Each time it said so, under the outcome that it took back. total less this is what stands.
ALTER TABLE settled_total ADD COLUMN taken_back bigint NOT NULL DEFAULT 0;
