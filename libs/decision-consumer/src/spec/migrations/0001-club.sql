-- Danger: none; the tables of the club that the specs use as their system.
CREATE TABLE member (
  subject_id uuid NOT NULL,
  scope_id   uuid NOT NULL,
  purpose_id text NOT NULL,
  allowed    boolean NOT NULL,
  version    bigint NOT NULL,
  points     integer NOT NULL DEFAULT 0 CHECK (points >= 0),
  PRIMARY KEY (subject_id, scope_id, purpose_id)
);
CREATE TABLE member_never (subject_id uuid PRIMARY KEY);
-- A deferred check: refused at COMMIT.
CREATE TABLE late_refusal (
  subject_id uuid PRIMARY KEY REFERENCES member_never (subject_id) DEFERRABLE INITIALLY DEFERRED
);
GRANT SELECT, INSERT, UPDATE, DELETE ON member, late_refusal, member_never TO :app_role;
CREATE VIEW effective_state AS
  SELECT subject_id, scope_id, purpose_id, m.allowed AND p.held_back IS NOT TRUE AS allowed, m.version, p.held_back IS TRUE AS held_back
  FROM member m LEFT JOIN permission_in_force p USING (subject_id, scope_id, purpose_id);
GRANT SELECT ON effective_state TO :app_role;
