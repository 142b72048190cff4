-- Danger: none. One row for each purpose that left the catalogue and came back.

-- A purpose that comes back opens for nobody: what was said before is no yes to it any more. Looked up with each yes.
CREATE TABLE purpose_return (
  purpose_id  text PRIMARY KEY,
  returned_at timestamptz NOT NULL
);
INSERT INTO purpose_return (purpose_id, returned_at)
SELECT id, max(applied_at)
  FROM catalogue_change AS change, jsonb_array_elements_text(difference -> 'added') AS id
 WHERE EXISTS (SELECT FROM catalogue_change AS earlier
                WHERE earlier.applied_at < change.applied_at AND earlier.difference -> 'removed' ? id)
 GROUP BY id;

GRANT SELECT, INSERT, UPDATE ON purpose_return TO :app_role;
