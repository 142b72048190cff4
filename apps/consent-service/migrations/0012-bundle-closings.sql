-- Danger: bundle_closing is the only record of what a bundle said no to where it found nothing to close.

-- Every bundle of the catalogue that was said, with all it said no to. A yes about one of these purposes that was decided
-- before, in whatever scope, opens nothing. Of bundles from before this was kept only the decisions are known.
CREATE TABLE bundle_closing (
  subject_id    uuid NOT NULL,
  bundle_id     uuid NOT NULL,
  kind          text NOT NULL,
  purposes      text[] NOT NULL,
  closed_at     timestamptz NOT NULL,
  recorded_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
  caller        text NOT NULL,
  channel       text NOT NULL,
  -- Version of the subject's newest decision then: its place among them.
  after_version bigint NOT NULL,
  PRIMARY KEY (subject_id, bundle_id)
);

GRANT SELECT, INSERT ON bundle_closing TO :app_role;
