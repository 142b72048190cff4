-- Danger: none. The view says closed where it said open, of what is held back; the release before reads it as well.

-- What this system really does: nothing on a triple that is held back, although its rows stay as they are until it is released.
CREATE OR REPLACE VIEW effective_state AS
SELECT
  subject_id,
  scope_id,
  purpose_id,
  business.allowed AND permission.held_back IS NOT TRUE AS allowed,
  business.version,
  permission.held_back IS TRUE AS held_back
FROM (
  SELECT subject_id, scope_id, purpose_id, pseudonym IS NOT NULL AS allowed, version FROM export_membership
  UNION ALL
  SELECT subject_id, device_id, purpose_id, open, version FROM cookie_gate
) AS business
LEFT JOIN permission_in_force AS permission USING (subject_id, scope_id, purpose_id);
