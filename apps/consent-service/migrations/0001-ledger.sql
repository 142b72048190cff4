-- Danger: the ledger is append-only and is the truth. Nothing here may be altered in place later: add columns, never change or drop them.

-- One row a person. Locked before anything else is written, so that commit order is version order within a subject.
CREATE TABLE subject (
  subject_id                 uuid PRIMARY KEY,
  -- Newest version in the ledger; 0 when facts came first.
  version                    bigint NOT NULL DEFAULT 0,
  -- Newest position in the ledger of this subject.
  head_position              bigint,
  -- Partition of the subject's records on every topic.
  partition                  smallint NOT NULL,
  -- Null until facts are known: then everything that depends on them is closed.
  facts_at                   timestamptz,
  brand                      text,
  roles                      text[] NOT NULL DEFAULT '{}',
  minor                      boolean NOT NULL DEFAULT false,
  contract_start             timestamptz,
  contract_end               timestamptz,
  full_marketing_objection_at timestamptz
) WITH (fillfactor = 80);

-- A scope belongs to one subject for ever. Scopes of level person are the subject itself and have no row.
CREATE TABLE scope (
  scope_id   uuid PRIMARY KEY,
  subject_id uuid NOT NULL REFERENCES subject,
  level      text NOT NULL CHECK (level IN ('account', 'line', 'device', 'contact_point')),
  brand      text,
  -- Of a contact point: phone, email, post or app. Unknown means all.
  kind       text CHECK (kind IN ('phone', 'email', 'post', 'app')),
  claimed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX scope_of_subject ON scope (subject_id);

-- No foreign key to subject: the one write path holds that row locked, and a check a row would cost more than the insert.
CREATE TABLE ledger (
  position          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  subject_id        uuid NOT NULL,
  version           bigint NOT NULL CHECK (version > 0),
  decision_id       uuid NOT NULL UNIQUE,
  scope_level       text NOT NULL CHECK (scope_level IN ('person', 'account', 'line', 'device', 'contact_point')),
  scope_id          uuid NOT NULL,
  purpose_id        text NOT NULL,
  status            text NOT NULL CHECK (status IN ('requested', 'given', 'refused', 'withdrawn', 'expired', 'revoked',
                      'objected', 'objection_submitted', 'objection_rejected', 'objection_lifted')),
  direction         text NOT NULL CHECK (direction IN ('opening', 'closing')),
  allowed           boolean NOT NULL,
  reason            text NOT NULL,
  next_change_at    timestamptz,
  -- False: kept as evidence without effect.
  effective         boolean NOT NULL,
  cause             text NOT NULL,
  bundle_id         uuid,
  notice_id         text,
  notice_version    text,
  notice_language   text,
  notice_hash       text,
  channel           text NOT NULL,
  actor             text NOT NULL CHECK (actor IN ('self', 'guardian', 'agent', 'system')),
  caller            text NOT NULL,
  origin_system     text,
  origin_event_id   text,
  decided_at        timestamptz NOT NULL,
  received_at       timestamptz NOT NULL,
  -- To the millisecond, as published.
  committed_at      timestamptz NOT NULL DEFAULT date_trunc('milliseconds', clock_timestamp()),
  catalogue_version text NOT NULL,
  brand             text,
  -- [{"systemId": "directory-listing", "applyBy": <epoch ms>}], as published.
  systems           jsonb NOT NULL,
  attributes        jsonb NOT NULL DEFAULT '{}',
  salt              bytea NOT NULL CHECK (length(salt) = 16),
  -- SHA-256 of salt and the canonical JSON (RFC 8785) of the decision as published, without committedAt.
  row_hash          bytea NOT NULL CHECK (length(row_hash) = 32),
  UNIQUE (subject_id, version),
  CHECK (direction = 'closing' OR allowed),
  CHECK ((origin_system IS NULL) = (origin_event_id IS NULL))
);
-- One event of a source system is recorded once; a re-sent one is an echo.
CREATE UNIQUE INDEX ledger_origin ON ledger (origin_system, origin_event_id) WHERE origin_system IS NOT NULL;
CREATE INDEX ledger_bundle ON ledger (bundle_id) WHERE bundle_id IS NOT NULL;
CREATE INDEX ledger_committed_at ON ledger USING brin (committed_at);

-- Newest entry of each (subject, scope, purpose), and the state in force. Derived from the ledger by `evolve`.
CREATE TABLE current_state (
  subject_id        uuid NOT NULL,
  scope_id          uuid NOT NULL,
  purpose_id        text NOT NULL,
  scope_level       text NOT NULL,
  -- The newest ledger entry, effective or not.
  version           bigint NOT NULL,
  decision_id       uuid NOT NULL,
  position          bigint NOT NULL,
  -- The state in force: of the newest effective entry.
  status            text NOT NULL,
  allowed           boolean NOT NULL,
  reason            text NOT NULL,
  next_change_at    timestamptz,
  decided_at        timestamptz,
  -- decided_at of the newest effective closing: no older evidence opens.
  closed_decided_at timestamptz,
  PRIMARY KEY (subject_id, scope_id, purpose_id)
) WITH (fillfactor = 80);

GRANT SELECT, INSERT, UPDATE ON subject TO :app_role;
GRANT SELECT, INSERT, UPDATE (brand, kind) ON scope TO :app_role;
-- The service can read and append; no UPDATE, DELETE or TRUNCATE.
GRANT SELECT, INSERT ON ledger TO :app_role;
GRANT SELECT, INSERT, UPDATE ON current_state TO :app_role;
