-- Danger: adds a column to current_state and fills it once from the ledger, under a lock that stops writes meanwhile; writes
-- every subject with a consent that names an announced period, once.

-- The period that the decision in force names (attribute announcedPeriod, ISO 8601): the end of a consent for an event (C12).
ALTER TABLE current_state ADD COLUMN announced_period text;

UPDATE current_state AS state SET announced_period = said.attributes ->> 'announcedPeriod'
  FROM (SELECT DISTINCT ON (subject_id, scope_id, purpose_id) subject_id, scope_id, purpose_id, attributes
          FROM ledger WHERE effective AND cause NOT IN ('facts', 'clock', 'catalogue')
         ORDER BY subject_id, scope_id, purpose_id, version DESC) AS said
 WHERE (state.subject_id, state.scope_id, state.purpose_id) = (said.subject_id, said.scope_id, said.purpose_id)
   AND state.status = 'given' AND said.attributes ? 'announcedPeriod';

-- Such a consent lapses at its own moment: the clocks look back to when it was given.
UPDATE subject SET due_at = least(subject.due_at, held.decided_at)
  FROM (SELECT subject_id, min(decided_at) AS decided_at FROM current_state
         WHERE announced_period IS NOT NULL GROUP BY subject_id) AS held
 WHERE subject.subject_id = held.subject_id;
