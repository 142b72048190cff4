import { applyTogether, type EffectRow } from '@consent/decision-consumer';
import { type Transaction } from '@consent/postgres';
import { type SharingEffect } from './on-decision.js';

/** One statement a kind of effect. Each answers with what changed, in the words of sharing; no answer: nothing had to change. */
export const applyEffects = {
  share: (tx: Transaction, effects: readonly SharingEffect[]) => run(tx, 'share', SHARE, effects),
  'stop-sharing': (tx: Transaction, effects: readonly SharingEffect[]) =>
    run(tx, 'stop-sharing', STOP_SHARING, effects),
  'open-phone': (tx: Transaction, effects: readonly SharingEffect[]) => run(tx, 'open-phone', OPEN_PHONE, effects),
  'close-phone': (tx: Transaction, effects: readonly SharingEffect[]) => run(tx, 'close-phone', CLOSE_PHONE, effects),
};

/** The newest effect of each triple: PostgreSQL refuses to write one row twice in a statement. */
const NEWEST = `
  SELECT DISTINCT ON (subject_id, scope_id, purpose_id) *
  FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::bigint[])
    AS effect (decision_id, subject_id, scope_id, purpose_id, version)
  ORDER BY subject_id, scope_id, purpose_id, version DESC`;

const upsertContact = (shared: boolean): string => `
  INSERT INTO shared_contact (subject_id, scope_id, purpose_id, shared, version, decision_id)
  SELECT subject_id, scope_id, purpose_id, ${shared}, version, decision_id FROM (${NEWEST}) AS newest
  ON CONFLICT (subject_id, scope_id, purpose_id) DO UPDATE
    SET shared = excluded.shared, version = excluded.version, decision_id = excluded.decision_id
  RETURNING new.*, old.shared AS was_shared`;

const upsertPhone = (open: boolean): string => `
  INSERT INTO phone (subject_id, contact_point_id, purpose_id, open, version, decision_id)
  SELECT subject_id, scope_id, purpose_id, ${open}, version, decision_id FROM (${NEWEST}) AS newest
  ON CONFLICT (subject_id, contact_point_id, purpose_id) DO UPDATE
    SET open = excluded.open, version = excluded.version, decision_id = excluded.decision_id
  RETURNING new.*, old.open AS was_open`;

const SHARE = `
  WITH written AS (${upsertContact(true)})
  SELECT decision_id AS "decisionId", 'contacts shared' AS effect, 1 AS count
  FROM written WHERE was_shared IS NOT TRUE`;

// A delivery is stopped once: what carries a stopped_by already has its message. The person and the number stop apart,
// so that it is all the same in which order they do.
const STOP_SHARING = `
  WITH written AS (${upsertContact(false)}),
  stopped AS (
    UPDATE delivered_contact AS delivered SET stopped_by = written.decision_id
    FROM written
    WHERE delivered.subject_id = written.subject_id AND delivered.purpose_id = written.purpose_id
      AND delivered.scope_id = written.scope_id AND delivered.stopped_by IS NULL
    RETURNING delivered.affiliate, delivered.subject_id, delivered.purpose_id, delivered.stopped_by
  ),
  told AS (
    INSERT INTO stop_message (affiliate, subject_id, purpose_id, decision_id)
    SELECT DISTINCT affiliate, subject_id, purpose_id, stopped_by FROM stopped
    RETURNING decision_id
  )
  SELECT decision_id AS "decisionId", 'contacts taken off the list' AS effect, 1 AS count FROM written WHERE was_shared
  UNION ALL
  SELECT decision_id, 'affiliates to be told to stop', count(*)::int FROM told GROUP BY decision_id`;

const OPEN_PHONE = `
  WITH written AS (${upsertPhone(true)})
  SELECT decision_id AS "decisionId", 'numbers opened for calling' AS effect, 1 AS count
  FROM written WHERE was_open IS NOT TRUE`;

const CLOSE_PHONE = `
  WITH written AS (${upsertPhone(false)}),
  stopped AS (
    UPDATE delivered_contact AS delivered SET number_stopped_by = written.decision_id
    FROM written
    WHERE delivered.subject_id = written.subject_id AND delivered.contact_point_id = written.contact_point_id
      AND delivered.number_stopped_by IS NULL
    RETURNING delivered.affiliate, delivered.subject_id, delivered.purpose_id, delivered.contact_point_id,
      delivered.number_stopped_by
  ),
  told AS (
    INSERT INTO stop_message (affiliate, subject_id, purpose_id, contact_point_id, decision_id)
    SELECT DISTINCT affiliate, subject_id, purpose_id, contact_point_id, number_stopped_by FROM stopped
    RETURNING decision_id
  )
  SELECT decision_id AS "decisionId", 'numbers closed for calling' AS effect, 1 AS count FROM written WHERE was_open
  UNION ALL
  SELECT decision_id, 'affiliates to be told to stop', count(*)::int FROM told GROUP BY decision_id`;

const run = (
  tx: Transaction,
  kind: SharingEffect['kind'],
  statement: string,
  effects: readonly SharingEffect[],
): Promise<readonly EffectRow[]> =>
  applyTogether(tx, `group-sharing-${kind}`, statement, effects, [
    'decisionId',
    'subjectId',
    'scopeId',
    'purposeId',
    'version',
  ]);
