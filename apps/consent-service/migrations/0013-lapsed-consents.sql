-- Danger: writes every subject with a consent that something holds closed, once.

-- A consent lapses at its own moment, also while it is closed: the clocks look back to when it was given.
UPDATE subject SET due_at = least(subject.due_at, held.decided_at)
  FROM (SELECT subject_id, min(decided_at) AS decided_at FROM current_state
         WHERE status = 'given' AND NOT allowed GROUP BY subject_id) AS held
 WHERE subject.subject_id = held.subject_id;
