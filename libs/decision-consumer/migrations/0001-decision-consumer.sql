-- Danger: the guard against going backwards lives in decision_state; a row lost here lets an old opening in again.

-- What is applied of each (subject, scope, purpose). Only the primary key is indexed, so that most updates stay on their page.
CREATE TABLE decision_state (
  subject_id  uuid        NOT NULL,
  scope_id    uuid        NOT NULL,
  purpose_id  text        NOT NULL,
  scope_level text        NOT NULL,
  version     bigint      NOT NULL,
  decision_id uuid        NOT NULL,
  status      text        NOT NULL,
  allowed     boolean     NOT NULL,
  -- Something of this triple, or an unreadable record of the subject, is parked: not in force, whatever `allowed` says.
  held_back   boolean     NOT NULL DEFAULT false,
  outcome     text        NOT NULL,
  reason      text,
  -- Effect counts of the acknowledgement; null where nothing had to change.
  effects     jsonb,
  -- First time; a duplicate is acknowledged with it.
  applied_at  timestamptz NOT NULL,
  PRIMARY KEY (subject_id, scope_id, purpose_id)
) WITH (fillfactor = 85);

-- Applied cursor: the next offset to apply. Behind the group's Kafka offset it means a restored backup.
CREATE TABLE partition_cursor (
  topic       text        NOT NULL,
  partition   integer     NOT NULL,
  next_offset bigint      NOT NULL,
  PRIMARY KEY (topic, partition)
) WITH (fillfactor = 50);

-- Records that fail for good, byte for byte. Scope and purpose are null where the bytes are unreadable: the whole subject waits.
CREATE TABLE parked_decision (
  id            bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  subject_id    uuid,
  scope_id      uuid,
  purpose_id    text,
  decision_id   uuid,
  version       bigint,
  reason        text        NOT NULL,
  detail        text        NOT NULL,
  record_key    bytea,
  record_value  bytea,
  headers       jsonb       NOT NULL,
  topic         text        NOT NULL,
  partition     integer     NOT NULL,
  record_offset bigint      NOT NULL,
  parked_at     timestamptz NOT NULL,
  -- When consent.dead-letters confirmed the copy.
  published_at  timestamptz,
  -- Set once it waits no more (applied, no_effect, superseded …). The row goes when that is acknowledged.
  outcome       text,
  effects       jsonb,
  applied_at    timestamptz,
  CONSTRAINT parked_once UNIQUE (topic, partition, record_offset)
);
CREATE INDEX parked_of_subject ON parked_decision (subject_id);

-- Version at which a subject was erased: nothing at or below it is applied (GDPR art. 17).
CREATE TABLE subject_floor (
  subject_id uuid        PRIMARY KEY,
  version    bigint      NOT NULL,
  erased_at  timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Two decisions of one version: an alarm, kept for whoever finds out why.
CREATE TABLE decision_conflict (
  decision_id       uuid        PRIMARY KEY,
  subject_id        uuid        NOT NULL,
  scope_id          uuid        NOT NULL,
  purpose_id        text        NOT NULL,
  version           bigint      NOT NULL,
  held_decision_id  uuid        NOT NULL,
  seen_at           timestamptz NOT NULL
);

-- What business code may rely on. Join it FOR SHARE at the moment of effect: a withdrawal waits, or has been seen.
CREATE VIEW permission_in_force AS
  SELECT subject_id, scope_id, purpose_id, allowed AND NOT held_back AS allowed, version, decision_id
  FROM decision_state;

GRANT SELECT, INSERT, UPDATE, DELETE ON decision_state, partition_cursor, parked_decision, subject_floor TO :app_role;
GRANT SELECT, INSERT ON decision_conflict TO :app_role;
GRANT SELECT, UPDATE ON permission_in_force TO :app_role;
