-- Danger: none; creates tables only.

-- Whether advertisements may be chosen by profile for an account. One row a triple that has been decided; no row: not eligible.
CREATE TABLE ad_eligibility (
  subject_id uuid NOT NULL,
  account_id uuid NOT NULL,
  purpose_id text NOT NULL,
  eligible boolean NOT NULL,
  version bigint NOT NULL,
  decision_id uuid NOT NULL,
  PRIMARY KEY (subject_id, account_id, purpose_id)
) WITH (fillfactor = 80);

-- The advertising profile of an account under one of the two consents. Deleted with the consent; the other one's stays.
CREATE TABLE ad_profile (
  subject_id uuid NOT NULL,
  account_id uuid NOT NULL,
  purpose_id text NOT NULL,
  audience text NOT NULL CHECK (audience IN ('operator', 'broadcasters')),
  segments text[] NOT NULL DEFAULT '{}',
  built_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (subject_id, account_id, purpose_id)
);

-- Promotion and recommendation on the TV screen. No row: nothing was decided, and the purpose is open by default.
CREATE TABLE screen_use (
  subject_id uuid NOT NULL,
  account_id uuid NOT NULL,
  purpose_id text NOT NULL,
  screen_use text NOT NULL CHECK (
    screen_use IN ('on-screen-promotion', 'own-promotion', 'recommendations', 'group-products')
  ),
  allowed boolean NOT NULL,
  version bigint NOT NULL,
  decision_id uuid NOT NULL,
  PRIMARY KEY (subject_id, account_id, purpose_id)
) WITH (fillfactor = 80);

-- What was chosen for an account and how, with the version that allowed a profile to be used.
CREATE TABLE selection (
  selection_id uuid PRIMARY KEY,
  subject_id uuid NOT NULL,
  account_id uuid NOT NULL,
  spot text NOT NULL,
  chosen text NOT NULL CHECK (chosen IN ('by-profile', 'unpersonalised', 'nothing')),
  purpose_id text,
  version bigint,
  selected_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX selection_of_account ON selection (subject_id, account_id);

CREATE VIEW effective_state AS
SELECT subject_id, account_id AS scope_id, purpose_id, eligible AS allowed, version FROM ad_eligibility
UNION ALL
SELECT subject_id, account_id, purpose_id, allowed, version FROM screen_use;

GRANT SELECT, INSERT, UPDATE, DELETE ON ad_eligibility, ad_profile, screen_use TO :app_role;
GRANT SELECT, INSERT ON selection TO :app_role;
GRANT SELECT ON effective_state TO :app_role;
