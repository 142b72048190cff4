-- Danger: adds a column to current_state and fills it once from the ledger, under a lock that stops writes meanwhile.

-- decided_at of the newest no of the person that no later yes has taken back, kept while a yes is asked for or awaits its
-- confirmation, and after it lapsed: it closes what continues the purpose under another role (C42).
ALTER TABLE current_state ADD COLUMN said_no_at timestamptz;

UPDATE current_state AS state SET said_no_at = no.at
  FROM (SELECT subject_id, scope_id, purpose_id, max(least(decided_at, received_at)) AS at
          FROM ledger AS said
         WHERE status IN ('refused', 'withdrawn', 'objected') AND effective AND cause NOT IN ('facts', 'clock', 'catalogue')
           AND NOT EXISTS (
             SELECT FROM ledger AS later
              WHERE later.subject_id = said.subject_id AND later.version > said.version
                AND later.scope_id = said.scope_id AND later.purpose_id = said.purpose_id
                AND later.status IN ('given', 'objection_lifted', 'objection_rejected') AND later.effective
                AND later.cause NOT IN ('facts', 'clock', 'catalogue'))
         GROUP BY subject_id, scope_id, purpose_id) AS no
 WHERE (state.subject_id, state.scope_id, state.purpose_id) = (no.subject_id, no.scope_id, no.purpose_id);
-- Nothing stood that a bundle had to close: an old yes was kept as evidence of no effect.
UPDATE current_state SET said_no_at = closed_decided_at
 WHERE said_no_at IS NULL AND status IN ('refused', 'withdrawn', 'objected');
