-- Danger: writes every subject with a consent that its contract or its scope holds closed, once.

-- A consent that came in after its end is told as expired: the clocks look back to when it was given.
UPDATE subject SET due_at = least(subject.due_at, held.decided_at)
  FROM (SELECT subject_id, min(decided_at) AS decided_at FROM current_state
         WHERE status = 'given' AND NOT allowed
           AND reason IN ('contract_ended', 'period_after_contract_over', 'scope_ended') GROUP BY subject_id) AS held
 WHERE subject.subject_id = held.subject_id;
