import { applyTogether, type EffectRow } from '@consent/decision-consumer';
import { type Transaction } from '@consent/postgres';
import { type ForgetEffect, type ProfileEffect, type ScreenEffect } from './on-decision.js';

/** One statement a kind of effect. Each answers with what changed, in the words of Pickx; no answer: nothing had to change. */
export const applyEffects = {
  'build-profile': (tx: Transaction, effects: readonly ProfileEffect[]) =>
    run(tx, 'build-profile', BUILD_PROFILE, effects, audienceOf),
  'delete-profile': (tx: Transaction, effects: readonly ProfileEffect[]) =>
    run(tx, 'delete-profile', DELETE_PROFILE, effects, audienceOf),
  resume: (tx: Transaction, effects: readonly ScreenEffect[]) => run(tx, 'resume', RESUME, effects, screenUseOf),
  stop: (tx: Transaction, effects: readonly ScreenEffect[]) => run(tx, 'stop', STOP, effects, screenUseOf),
  'forget-selections': (tx: Transaction, effects: readonly ForgetEffect[]) =>
    applyTogether(tx, 'pickx-ad-targeting-forget-selections', FORGET_SELECTIONS, effects, [
      'decisionId',
      'subjectId',
      'accountId',
      'purposeId',
      'spot',
      'chosenBefore',
    ]),
};

const audienceOf = (effect: ProfileEffect): string => effect.audience;
const screenUseOf = (effect: ScreenEffect): string => effect.screenUse;

/** The newest effect of each triple: PostgreSQL refuses to write one row twice in a statement. `detail` is the audience or the use. */
const NEWEST = `
  SELECT DISTINCT ON (subject_id, account_id, purpose_id) *
  FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::bigint[], $6::text[])
    AS effect (decision_id, subject_id, account_id, purpose_id, version, detail)
  ORDER BY subject_id, account_id, purpose_id, version DESC`;

const upsertEligibility = (eligible: boolean): string => `
  INSERT INTO ad_eligibility (subject_id, account_id, purpose_id, eligible, version, decision_id)
  SELECT subject_id, account_id, purpose_id, ${eligible}, version, decision_id FROM newest
  ON CONFLICT (subject_id, account_id, purpose_id) DO UPDATE
    SET eligible = excluded.eligible, version = excluded.version, decision_id = excluded.decision_id`;

const BUILD_PROFILE = `
  WITH newest AS (${NEWEST}),
  written AS (${upsertEligibility(true)}),
  built AS (
    INSERT INTO ad_profile (subject_id, account_id, purpose_id, audience)
    SELECT subject_id, account_id, purpose_id, detail FROM newest
    ON CONFLICT DO NOTHING
    RETURNING subject_id, account_id, purpose_id
  )
  SELECT newest.decision_id AS "decisionId", 'advertising profiles begun' AS effect, 1 AS count
  FROM built JOIN newest USING (subject_id, account_id, purpose_id)`;

const DELETE_PROFILE = `
  WITH newest AS (${NEWEST}),
  written AS (${upsertEligibility(false)}),
  deleted AS (
    DELETE FROM ad_profile USING newest
    WHERE (ad_profile.subject_id, ad_profile.account_id, ad_profile.purpose_id)
      = (newest.subject_id, newest.account_id, newest.purpose_id)
    RETURNING newest.decision_id
  )
  SELECT decision_id AS "decisionId", 'advertising profiles deleted' AS effect, 1 AS count FROM deleted`;

// Open by default: a first yes changes nothing, a first no does.
const upsertScreenUse = (allowed: boolean, effect: string): string => `
  WITH written AS (
    INSERT INTO screen_use (subject_id, account_id, purpose_id, screen_use, allowed, version, decision_id)
    SELECT subject_id, account_id, purpose_id, detail, ${allowed}, version, decision_id FROM (${NEWEST}) AS newest
    ON CONFLICT (subject_id, account_id, purpose_id) DO UPDATE
      SET allowed = excluded.allowed, version = excluded.version, decision_id = excluded.decision_id
    RETURNING new.decision_id, coalesce(old.allowed, true) AS was_allowed
  )
  SELECT decision_id AS "decisionId", '${effect}' AS effect, 1 AS count FROM written WHERE was_allowed <> ${allowed}`;

const RESUME = upsertScreenUse(true, 'screen uses resumed');
const STOP = upsertScreenUse(false, 'screen uses stopped');

const FORGET_SELECTIONS = `
  WITH effect AS (
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::float8[])
      AS e (decision_id, subject_id, account_id, purpose_id, spot, chosen_before)
  ), forgotten AS (
    DELETE FROM selection USING effect
    WHERE (selection.subject_id, selection.account_id, selection.spot) = (effect.subject_id, effect.account_id, effect.spot)
      AND coalesce(selection.purpose_id, effect.purpose_id) = effect.purpose_id
      AND selection.selected_at < to_timestamp(effect.chosen_before / 1000)
    RETURNING effect.decision_id
  )
  SELECT decision_id AS "decisionId", 'selections forgotten' AS effect, count(*) AS count FROM forgotten GROUP BY decision_id`;

const run = <E extends ProfileEffect | ScreenEffect>(
  tx: Transaction,
  kind: E['kind'],
  statement: string,
  effects: readonly E[],
  detailOf: (effect: E) => string,
): Promise<readonly EffectRow[]> =>
  applyTogether(tx, `pickx-ad-targeting-${kind}`, statement, effects, [
    'decisionId',
    'subjectId',
    'accountId',
    'purposeId',
    'version',
    detailOf,
  ]);
