-- Danger: facts_version is the only record of what was known before; nothing else says why a permission changed.
ALTER TABLE subject ALTER COLUMN minor DROP NOT NULL;
ALTER TABLE subject ALTER COLUMN minor DROP DEFAULT;
COMMENT ON COLUMN subject.minor IS 'Null: the age is not known.';
-- Newest version of the facts; 0 while none are known.
ALTER TABLE subject ADD COLUMN facts_version integer NOT NULL DEFAULT 0;

-- The scope is the person's from valid_from (null: from ever) up to, not including, valid_until (null: open).
ALTER TABLE scope ADD COLUMN valid_from timestamptz;
ALTER TABLE scope ADD COLUMN valid_until timestamptz;
-- The scope that was minted for the next holder: this one has ended for good.
ALTER TABLE scope ADD COLUMN transferred_to uuid REFERENCES scope;
ALTER TABLE scope ADD COLUMN transferred_at timestamptz;
ALTER TABLE scope ADD COLUMN transferred_by text;

-- Every version of a subject's facts: who registered it and when. The version before says what was known until then.
CREATE TABLE facts_version (
  subject_id     uuid NOT NULL,
  facts_version  integer NOT NULL CHECK (facts_version > 0),
  recorded_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  caller         text NOT NULL,
  brand          text,
  roles          text[] NOT NULL,
  minor          boolean,
  contract_start timestamptz,
  contract_end   timestamptz,
  -- Scopes that were new or different, as they were from here on.
  scopes         jsonb NOT NULL,
  -- Entries of the ledger that followed, by their versions: (first, last]. Equal when none did.
  first_version  bigint NOT NULL,
  last_version   bigint NOT NULL,
  PRIMARY KEY (subject_id, facts_version)
);

-- Subjects whose facts are known already: their first version is the present one.
INSERT INTO facts_version (subject_id, facts_version, recorded_at, caller, brand, roles, minor, contract_start,
                           contract_end, scopes, first_version, last_version)
SELECT subject_id, 1, facts_at, 'migration', brand, roles, minor, contract_start, contract_end,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('level', level, 'id', scope_id, 'brand', brand, 'kind', kind,
                 'validFrom', NULL, 'validUntil', NULL) ORDER BY claimed_at, scope_id), '[]')
          FROM scope WHERE scope.subject_id = subject.subject_id),
       version, version
  FROM subject WHERE facts_at IS NOT NULL;
UPDATE subject SET facts_version = 1 WHERE facts_at IS NOT NULL;

GRANT UPDATE (valid_from, valid_until, transferred_to, transferred_at, transferred_by) ON scope TO :app_role;
GRANT SELECT, INSERT ON facts_version TO :app_role;
