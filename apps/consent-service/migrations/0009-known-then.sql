-- Danger: facts_version, scope_version and full_marketing_objection are the only record of what was known at a past moment.

-- How facts were told: subject (one person), batch (a file of many) or transfer (of a scope). Null: before this was kept.
ALTER TABLE facts_version ADD COLUMN channel text CHECK (channel IN ('subject', 'batch', 'transfer'));

-- What was known of a scope without a version of the facts: it was named by a decision, or transferred from or to a person
-- without facts. All else is in facts_version.
CREATE TABLE scope_version (
  subject_id  uuid NOT NULL,
  scope_id    uuid NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  caller      text NOT NULL,
  channel     text NOT NULL CHECK (channel IN ('decision', 'transfer')),
  brand       text,
  kind        text,
  valid_from  timestamptz,
  valid_until timestamptz,
  PRIMARY KEY (subject_id, scope_id, recorded_at)
);

-- Every objection to all marketing; subject.full_marketing_objection_at is the newest.
CREATE TABLE full_marketing_objection (
  subject_id      uuid NOT NULL,
  recorded_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  objected_at     timestamptz NOT NULL,
  caller          text NOT NULL,
  -- Null: before this was kept.
  channel         text,
  -- Only the newest was kept before: whether there were others before this one is not known.
  earlier_unknown boolean NOT NULL DEFAULT false,
  PRIMARY KEY (subject_id, recorded_at)
);

-- From when on it is known what was known of the scope; null: from its claim. Facts overwrote what the decision that named
-- it first had said.
ALTER TABLE scope ADD COLUMN known_since timestamptz;

CREATE TEMPORARY TABLE in_facts ON COMMIT DROP AS
SELECT (scope ->> 'id')::uuid AS scope_id, min(recorded_at) AS recorded_at
  FROM facts_version, jsonb_array_elements(scopes) AS scope GROUP BY scope_id;

UPDATE scope SET known_since = in_facts.recorded_at
  FROM in_facts WHERE scope.scope_id = in_facts.scope_id AND in_facts.recorded_at > claimed_at + interval '1 second';

INSERT INTO scope_version (subject_id, scope_id, recorded_at, caller, channel, brand, kind, valid_from, valid_until)
SELECT subject_id, scope_id, claimed_at, coalesce(minting.transferred_by, first.caller, 'migration'),
       CASE WHEN minting.scope_id IS NULL THEN 'decision' ELSE 'transfer' END, brand, kind, valid_from,
       CASE WHEN transferred_at IS NULL THEN valid_until END
  FROM scope
  LEFT JOIN LATERAL (SELECT caller FROM ledger
                      WHERE ledger.subject_id = scope.subject_id AND ledger.scope_id = scope.scope_id
                      ORDER BY version LIMIT 1) AS first ON true
  LEFT JOIN (SELECT scope_id AS old_id, transferred_to AS scope_id, transferred_by FROM scope) AS minting USING (scope_id)
 WHERE NOT EXISTS (SELECT FROM in_facts WHERE in_facts.scope_id = scope.scope_id);

INSERT INTO scope_version (subject_id, scope_id, recorded_at, caller, channel, brand, kind, valid_from, valid_until)
SELECT subject_id, scope_id, transferred_at, transferred_by, 'transfer', brand, kind, valid_from, valid_until
  FROM scope
 WHERE transferred_at IS NOT NULL AND NOT EXISTS (SELECT FROM in_facts WHERE in_facts.scope_id = scope.scope_id);

INSERT INTO full_marketing_objection (subject_id, recorded_at, objected_at, caller, channel, earlier_unknown)
SELECT subject_id, coalesce(first.committed_at, full_marketing_objection_at), full_marketing_objection_at,
       coalesce(first.caller, 'migration'), first.channel, true
  FROM subject
  LEFT JOIN LATERAL (SELECT committed_at, caller, channel FROM ledger
                      WHERE ledger.subject_id = subject.subject_id AND bundle_id IS NOT NULL
                        AND decided_at = full_marketing_objection_at
                      ORDER BY version LIMIT 1) AS first ON true
 WHERE full_marketing_objection_at IS NOT NULL;

GRANT SELECT, INSERT ON scope_version, full_marketing_objection TO :app_role;
