-- Danger: writes every subject with a reasoned objection that waits for its reply, once.

-- The time to reply is a clock of the subject like the others.
UPDATE subject SET due_at = least(subject.due_at, waiting.reply_by)
  FROM (SELECT subject_id, min(reply_by) AS reply_by FROM objection
         WHERE closed_at IS NULL AND overdue_at IS NULL GROUP BY subject_id) AS waiting
 WHERE subject.subject_id = waiting.subject_id;

-- [{"category": "other-data", "endedAt": <epoch ms>}], as published: kinds of data whose retention has ended.
ALTER TABLE ledger ADD COLUMN ended_categories jsonb NOT NULL DEFAULT '[]';
ALTER TABLE current_state ADD COLUMN ended_categories jsonb NOT NULL DEFAULT '[]';

COMMENT ON TABLE current_state IS 'The newest entry of each triple that is no mere note of the clock, and the state in force.';
