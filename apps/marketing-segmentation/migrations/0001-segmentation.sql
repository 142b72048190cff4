-- Danger: none; creates tables only.

-- The macro segment of a person: exactly one, or none after an objection. One row a triple that has been decided.
CREATE TABLE segment_assignment (
  subject_id uuid NOT NULL,
  scope_id uuid NOT NULL,
  purpose_id text NOT NULL,
  macro_segment text,
  version bigint NOT NULL,
  decision_id uuid NOT NULL,
  PRIMARY KEY (subject_id, scope_id, purpose_id)
) WITH (fillfactor = 80);

-- Sources from which interests may be collected; none after a closing.
CREATE TABLE score_source (
  subject_id uuid NOT NULL,
  scope_id uuid NOT NULL,
  purpose_id text NOT NULL,
  sources text[] NOT NULL,
  version bigint NOT NULL,
  decision_id uuid NOT NULL,
  PRIMARY KEY (subject_id, scope_id, purpose_id)
) WITH (fillfactor = 80);

-- Interest scores from one to ten, each with the source it comes from. There are some while the source is open and segmentation is not closed,
-- whatever order the two were decided in.
CREATE TABLE interest_score (
  subject_id uuid NOT NULL,
  scope_id uuid NOT NULL,
  purpose_id text NOT NULL,
  source text NOT NULL,
  interest text NOT NULL,
  score smallint NOT NULL CHECK (score BETWEEN 1 AND 10),
  PRIMARY KEY (subject_id, scope_id, purpose_id, source, interest)
);

-- Who may be picked for the campaigns of a purpose.
CREATE TABLE audience_membership (
  subject_id uuid NOT NULL,
  scope_id uuid NOT NULL,
  purpose_id text NOT NULL,
  member boolean NOT NULL,
  version bigint NOT NULL,
  decision_id uuid NOT NULL,
  PRIMARY KEY (subject_id, scope_id, purpose_id)
) WITH (fillfactor = 80);

-- Contact channels, each on one contact point.
CREATE TABLE contact_channel (
  subject_id uuid NOT NULL,
  contact_point_id uuid NOT NULL,
  purpose_id text NOT NULL,
  channel text NOT NULL CHECK (channel IN ('phone', 'sms', 'email', 'post', 'app-push')),
  open boolean NOT NULL,
  version bigint NOT NULL,
  decision_id uuid NOT NULL,
  PRIMARY KEY (subject_id, contact_point_id, purpose_id)
) WITH (fillfactor = 80);

-- Devices on which a visitor may be recognised, for each purpose.
CREATE TABLE device_recognition (
  subject_id uuid NOT NULL,
  device_id uuid NOT NULL,
  purpose_id text NOT NULL,
  recognised boolean NOT NULL,
  version bigint NOT NULL,
  decision_id uuid NOT NULL,
  PRIMARY KEY (subject_id, device_id, purpose_id)
) WITH (fillfactor = 80);

CREATE TABLE target_list (
  target_list_id uuid PRIMARY KEY,
  campaign text NOT NULL,
  purpose_id text NOT NULL,
  channel text NOT NULL,
  drawn_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Who was drawn, with the versions that allowed it, and the decision that took the entry off again.
CREATE TABLE target_list_entry (
  target_list_id uuid NOT NULL REFERENCES target_list,
  subject_id uuid NOT NULL,
  scope_id uuid NOT NULL,
  purpose_id text NOT NULL,
  version bigint NOT NULL,
  contact_point_id uuid NOT NULL,
  channel_purpose_id text NOT NULL,
  channel_version bigint NOT NULL,
  removed_by uuid,
  PRIMARY KEY (target_list_id, subject_id, scope_id, contact_point_id)
);
CREATE INDEX target_list_entry_standing ON target_list_entry (subject_id, purpose_id) WHERE removed_by IS NULL;

CREATE VIEW effective_state AS
SELECT subject_id, scope_id, purpose_id, macro_segment IS NOT NULL AS allowed, version FROM segment_assignment
UNION ALL
SELECT subject_id, scope_id, purpose_id, sources <> '{}', version FROM score_source
UNION ALL
SELECT subject_id, scope_id, purpose_id, member, version FROM audience_membership
UNION ALL
SELECT subject_id, contact_point_id, purpose_id, open, version FROM contact_channel
UNION ALL
SELECT subject_id, device_id, purpose_id, recognised, version FROM device_recognition;

GRANT SELECT, INSERT, UPDATE, DELETE
  ON segment_assignment, score_source, interest_score, audience_membership, contact_channel, device_recognition
  TO :app_role;
GRANT SELECT, INSERT ON target_list, target_list_entry TO :app_role;
GRANT UPDATE (removed_by) ON target_list_entry TO :app_role;
GRANT SELECT ON effective_state TO :app_role;
