-- Danger: none. Appends two columns to a view; the release before reads it as well.

-- Null, as scope and purpose are, where an unreadable record makes the whole subject wait.
CREATE OR REPLACE VIEW parked_triple AS
  SELECT subject_id, scope_id, purpose_id, version, decision_id
  FROM parked_decision
  WHERE outcome IS NULL AND subject_id IS NOT NULL;
