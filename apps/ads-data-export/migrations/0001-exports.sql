-- Danger: none; creates tables only.

-- One row a triple that has been decided. The pseudonym is random, of one stream and one spell of membership: nothing can be derived from it, and a new grant gets a new one.
CREATE TABLE export_membership (
  subject_id uuid NOT NULL,
  scope_id uuid NOT NULL,
  purpose_id text NOT NULL,
  stream text NOT NULL CHECK (stream IN ('web-and-app', 'agency', 'television', 'cookie-partners')),
  pseudonym uuid,
  version bigint NOT NULL,
  decision_id uuid NOT NULL,
  PRIMARY KEY (subject_id, scope_id, purpose_id)
) WITH (fillfactor = 80);

-- Whether site and app data of a device may be used (advertising-cookies) or third parties may (third-party-advertising-cookies).
CREATE TABLE cookie_gate (
  subject_id uuid NOT NULL,
  device_id uuid NOT NULL,
  purpose_id text NOT NULL,
  party text NOT NULL CHECK (party IN ('own', 'third')),
  open boolean NOT NULL,
  version bigint NOT NULL,
  decision_id uuid NOT NULL,
  PRIMARY KEY (subject_id, device_id, purpose_id)
) WITH (fillfactor = 80);

-- Who may receive a stream.
CREATE TABLE recipient (
  stream text NOT NULL,
  recipient text NOT NULL,
  PRIMARY KEY (stream, recipient)
);
INSERT INTO recipient VALUES
  ('web-and-app', 'ads-and-data'),
  ('television', 'ads-and-data'),
  ('television', 'dpg-media'),
  ('agency', 'data-management-platform'),
  ('cookie-partners', 'cookie-manager-partners');

CREATE TABLE delivery (
  delivery_id uuid PRIMARY KEY,
  stream text NOT NULL,
  recipient text NOT NULL,
  delivered_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  FOREIGN KEY (stream, recipient) REFERENCES recipient
);

-- Each record delivered, with the version that allowed it.
CREATE TABLE delivered_record (
  delivery_id uuid NOT NULL REFERENCES delivery,
  recipient text NOT NULL,
  pseudonym uuid NOT NULL,
  subject_id uuid NOT NULL,
  scope_id uuid NOT NULL,
  purpose_id text NOT NULL,
  version bigint NOT NULL,
  -- Whether site and app data went with it (C14).
  site_and_app_data boolean NOT NULL,
  PRIMARY KEY (delivery_id, pseudonym)
);
CREATE INDEX delivered_record_of_pseudonym ON delivered_record (pseudonym);

-- Pseudonyms that were delivered and must never be delivered again.
CREATE TABLE suppression (
  pseudonym uuid PRIMARY KEY,
  stream text NOT NULL,
  decision_id uuid NOT NULL,
  suppressed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- What each recipient of a pseudonym must drop. Sending, answers and deadlines come with the states after `due`.
CREATE TABLE revocation (
  pseudonym uuid NOT NULL,
  recipient text NOT NULL,
  decision_id uuid NOT NULL,
  state text NOT NULL DEFAULT 'due' CHECK (state IN ('due')),
  due_since timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (pseudonym, recipient)
);
CREATE INDEX revocation_of_decision ON revocation (decision_id);

CREATE VIEW effective_state AS
SELECT subject_id, scope_id, purpose_id, pseudonym IS NOT NULL AS allowed, version FROM export_membership
UNION ALL
SELECT subject_id, device_id, purpose_id, open, version FROM cookie_gate;

GRANT SELECT, INSERT, UPDATE, DELETE ON export_membership, cookie_gate TO :app_role;
GRANT SELECT ON recipient TO :app_role;
GRANT SELECT, INSERT ON delivery, delivered_record, suppression, revocation TO :app_role;
GRANT SELECT ON effective_state TO :app_role;
