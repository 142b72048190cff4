-- Danger: none. Adds a view, and a column at the end of another.

-- What is parked and keeps closed. Scope and purpose are null where the whole subject waits. It names triples of which nothing has
-- ever been applied, too: whoever acts without a decision, because a purpose is open by default, asks it.
CREATE VIEW parked_triple AS
  SELECT subject_id, scope_id, purpose_id
  FROM parked_decision
  WHERE outcome IS NULL AND subject_id IS NOT NULL;

-- A system's effective_state takes the word from here.
CREATE OR REPLACE VIEW permission_in_force AS
  SELECT subject_id, scope_id, purpose_id, allowed AND NOT held_back AS allowed, version, decision_id, held_back
  FROM decision_state;

GRANT SELECT ON parked_triple TO :app_role;
