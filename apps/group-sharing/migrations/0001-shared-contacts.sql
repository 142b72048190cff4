-- Danger: none; creates tables only.

-- One row a triple that has been decided. A person without a row is on no list: no data leave before a decision is known.
CREATE TABLE shared_contact (
  subject_id uuid NOT NULL,
  scope_id uuid NOT NULL,
  purpose_id text NOT NULL,
  shared boolean NOT NULL,
  version bigint NOT NULL,
  decision_id uuid NOT NULL,
  PRIMARY KEY (subject_id, scope_id, purpose_id)
) WITH (fillfactor = 80);

-- Numbers that may be called, and those that may not.
CREATE TABLE phone (
  subject_id uuid NOT NULL,
  contact_point_id uuid NOT NULL,
  purpose_id text NOT NULL,
  open boolean NOT NULL,
  version bigint NOT NULL,
  decision_id uuid NOT NULL,
  PRIMARY KEY (subject_id, contact_point_id, purpose_id)
) WITH (fillfactor = 80);

CREATE TABLE delivery (
  delivery_id uuid PRIMARY KEY,
  affiliate text NOT NULL,
  purpose_id text NOT NULL,
  delivered_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Who was handed to an affiliate, with the versions that allowed it.
CREATE TABLE delivered_contact (
  delivery_id uuid NOT NULL REFERENCES delivery,
  affiliate text NOT NULL,
  subject_id uuid NOT NULL,
  scope_id uuid NOT NULL,
  purpose_id text NOT NULL,
  version bigint NOT NULL,
  -- Null where the purpose is not about calling.
  contact_point_id uuid,
  phone_version bigint,
  -- Decisions that ended it: for the person as a whole, and for the number.
  stopped_by uuid,
  number_stopped_by uuid
);
CREATE INDEX delivered_contact_of_delivery ON delivered_contact (delivery_id);
CREATE INDEX delivered_contact_standing ON delivered_contact (subject_id) WHERE stopped_by IS NULL OR number_stopped_by IS NULL;

-- What an affiliate must be told. Sending, answers and deadlines come with the states after `due`.
CREATE TABLE stop_message (
  stop_message_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  affiliate text NOT NULL,
  subject_id uuid NOT NULL,
  purpose_id text NOT NULL,
  -- The number not to be called any more; null: the person as a whole.
  contact_point_id uuid,
  decision_id uuid NOT NULL,
  state text NOT NULL DEFAULT 'due' CHECK (state IN ('due')),
  due_since timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX stop_message_of_subject ON stop_message (subject_id);

CREATE VIEW effective_state AS
SELECT subject_id, scope_id, purpose_id, shared AS allowed, version FROM shared_contact
UNION ALL
SELECT subject_id, contact_point_id, purpose_id, open, version FROM phone;

GRANT SELECT, INSERT, UPDATE, DELETE ON shared_contact, phone TO :app_role;
GRANT SELECT, INSERT ON delivery, delivered_contact, stop_message TO :app_role;
GRANT UPDATE (stopped_by, number_stopped_by) ON delivered_contact TO :app_role;
GRANT SELECT ON effective_state TO :app_role;
