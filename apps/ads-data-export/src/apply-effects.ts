import { applyTogether, type EffectRow } from '@consent/decision-consumer';
import { type Transaction } from '@consent/postgres';
import { type CookieEffect, type ExportEffect, type MembershipEffect } from './on-decision.js';

/** One statement a kind of effect. Each answers with what changed, in the exporter's words; no answer: nothing had to change. */
export const applyEffects = {
  include: (tx: Transaction, effects: readonly MembershipEffect[]) => run(tx, 'include', INCLUDE, effects, streamOf),
  exclude: (tx: Transaction, effects: readonly MembershipEffect[]) => run(tx, 'exclude', EXCLUDE, effects, streamOf),
  'open-cookies': (tx: Transaction, effects: readonly CookieEffect[]) =>
    run(tx, 'open-cookies', OPEN_COOKIES, effects, partyOf),
  'close-cookies': (tx: Transaction, effects: readonly CookieEffect[]) =>
    run(tx, 'close-cookies', CLOSE_COOKIES, effects, partyOf),
};

const streamOf = (effect: MembershipEffect): string => effect.stream;
const partyOf = (effect: CookieEffect): string => effect.party;

/** The newest effect of each triple: PostgreSQL refuses to write one row twice in a statement. `detail` is the stream or the party. */
const NEWEST = `
  SELECT DISTINCT ON (subject_id, scope_id, purpose_id) *
  FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::bigint[], $6::text[])
    AS effect (decision_id, subject_id, scope_id, purpose_id, version, detail)
  ORDER BY subject_id, scope_id, purpose_id, version DESC`;

// Who is in keeps the pseudonym; who comes back gets a new one.
const INCLUDE = `
  WITH written AS (
    INSERT INTO export_membership (subject_id, scope_id, purpose_id, stream, pseudonym, version, decision_id)
    SELECT subject_id, scope_id, purpose_id, detail, gen_random_uuid(), version, decision_id FROM (${NEWEST}) AS newest
    ON CONFLICT (subject_id, scope_id, purpose_id) DO UPDATE
      SET pseudonym = coalesce(export_membership.pseudonym, excluded.pseudonym),
          version = excluded.version, decision_id = excluded.decision_id
    RETURNING new.decision_id, old.pseudonym AS old_pseudonym
  )
  SELECT decision_id AS "decisionId", 'export memberships begun' AS effect, 1 AS count
  FROM written WHERE old_pseudonym IS NULL`;

// The pseudonym leaves the membership here, so a repeated exclusion finds none and revokes nothing twice.
const EXCLUDE = `
  WITH written AS (
    INSERT INTO export_membership (subject_id, scope_id, purpose_id, stream, version, decision_id)
    SELECT subject_id, scope_id, purpose_id, detail, version, decision_id FROM (${NEWEST}) AS newest
    ON CONFLICT (subject_id, scope_id, purpose_id) DO UPDATE
      SET pseudonym = NULL, version = excluded.version, decision_id = excluded.decision_id
    RETURNING new.decision_id, new.stream, old.pseudonym
  ),
  delivered AS (
    SELECT DISTINCT record.pseudonym, record.recipient, written.stream, written.decision_id
    FROM written JOIN delivered_record AS record ON record.pseudonym = written.pseudonym
  ),
  suppressed AS (
    INSERT INTO suppression (pseudonym, stream, decision_id)
    SELECT DISTINCT pseudonym, stream, decision_id FROM delivered
  ),
  revoked AS (
    INSERT INTO revocation (pseudonym, recipient, decision_id)
    SELECT pseudonym, recipient, decision_id FROM delivered
    RETURNING decision_id
  )
  SELECT decision_id AS "decisionId", 'export memberships ended' AS effect, 1 AS count
  FROM written WHERE pseudonym IS NOT NULL
  UNION ALL
  SELECT decision_id, 'recipients to be told to drop the record', count(*)::int FROM revoked GROUP BY decision_id`;

const cookies = (open: boolean, effect: string): string => `
  WITH written AS (
    INSERT INTO cookie_gate (subject_id, device_id, purpose_id, party, open, version, decision_id)
    SELECT subject_id, scope_id, purpose_id, detail, ${open}, version, decision_id FROM (${NEWEST}) AS newest
    ON CONFLICT (subject_id, device_id, purpose_id) DO UPDATE
      SET open = excluded.open, version = excluded.version, decision_id = excluded.decision_id
    RETURNING new.decision_id, coalesce(old.open, false) AS was_open
  )
  SELECT decision_id AS "decisionId", '${effect}' AS effect, 1 AS count FROM written WHERE was_open <> ${open}`;

const OPEN_COOKIES = cookies(true, 'devices opened');
const CLOSE_COOKIES = cookies(false, 'devices closed');

const run = <E extends ExportEffect>(
  tx: Transaction,
  kind: E['kind'],
  statement: string,
  effects: readonly E[],
  detailOf: (effect: E) => string,
): Promise<readonly EffectRow[]> =>
  applyTogether(tx, `ads-data-export-${kind}`, statement, effects, [
    'decisionId',
    'subjectId',
    'scopeId',
    'purposeId',
    'version',
    detailOf,
  ]);
