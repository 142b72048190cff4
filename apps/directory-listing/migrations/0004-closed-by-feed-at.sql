-- Danger: none. Adds a column; listings that a feed has closed are taken to be closed at the version they have.

-- The version of the listing that a feed closed: a newer grant takes the closing away, that very grant delivered or released again does not.
ALTER TABLE listing ADD COLUMN closed_by_feed_at bigint;
UPDATE listing SET closed_by_feed_at = version WHERE closed_by_feed;
