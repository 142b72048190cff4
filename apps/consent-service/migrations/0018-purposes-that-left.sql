-- Danger: writes every subject who decided about a purpose that an earlier version of the catalogue dropped, once.

-- What was said about such a purpose has an end of its proof: the clocks look for it.
UPDATE subject SET due_at = least(subject.due_at, now())
 WHERE EXISTS (SELECT FROM current_state AS state
                WHERE state.subject_id = subject.subject_id
                  AND state.purpose_id IN (SELECT jsonb_array_elements_text(difference -> 'removed')
                                             FROM catalogue_change WHERE applied_at IS NOT NULL));
