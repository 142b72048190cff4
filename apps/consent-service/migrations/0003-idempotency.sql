-- Danger: removing a key lets a request that is sent again be carried out again.
CREATE TABLE idempotency_key (
  caller       text NOT NULL,
  key          text NOT NULL,
  -- SHA-256 of method, path, media type and body.
  request_hash bytea NOT NULL,
  status       smallint NOT NULL,
  -- What the answer is made of: ledger positions and problems; the ledger gives the rest again. As text, in its order.
  answer       json NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (caller, key)
);
ALTER TABLE idempotency_key ALTER COLUMN answer SET STORAGE EXTERNAL;
CREATE INDEX idempotency_key_age ON idempotency_key USING brin (created_at);

GRANT SELECT, INSERT, DELETE ON idempotency_key TO :app_role;
