import { applyTogether, type EffectRow } from '@consent/decision-consumer';
import { type Transaction } from '@consent/postgres';
import {
  type AudienceEffect,
  type ChannelEffect,
  type DeviceEffect,
  type MarketingEffect,
  type ScoringEffect,
  type SegmentEffect,
} from './on-decision.js';

/** One statement a kind of effect. Each answers with what changed, in the words of marketing; no answer: nothing had to change. */
export const applyEffects = {
  'assign-segment': (tx: Transaction, effects: readonly SegmentEffect[]) =>
    run(tx, 'assign-segment', ASSIGN_SEGMENT, effects),
  'leave-segmentation': (tx: Transaction, effects: readonly SegmentEffect[]) =>
    run(tx, 'leave-segmentation', LEAVE_SEGMENTATION, effects),
  'start-scoring': (tx: Transaction, effects: readonly ScoringEffect[]) =>
    run(tx, 'start-scoring', START_SCORING, effects, (effect) => effect.sources.join('+')),
  'stop-scoring': (tx: Transaction, effects: readonly ScoringEffect[]) =>
    run(tx, 'stop-scoring', STOP_SCORING, effects),
  'join-audience': (tx: Transaction, effects: readonly AudienceEffect[]) =>
    run(tx, 'join-audience', JOIN_AUDIENCE, effects),
  'leave-audience': (tx: Transaction, effects: readonly AudienceEffect[]) =>
    run(tx, 'leave-audience', LEAVE_AUDIENCE, effects),
  'open-channel': (tx: Transaction, effects: readonly ChannelEffect[]) =>
    run(tx, 'open-channel', OPEN_CHANNEL, effects, (effect) => effect.channel),
  'close-channel': (tx: Transaction, effects: readonly ChannelEffect[]) =>
    run(tx, 'close-channel', CLOSE_CHANNEL, effects, (effect) => effect.channel),
  'recognise-device': (tx: Transaction, effects: readonly DeviceEffect[]) =>
    run(tx, 'recognise-device', RECOGNISE_DEVICE, effects),
  'forget-device': (tx: Transaction, effects: readonly DeviceEffect[]) =>
    run(tx, 'forget-device', FORGET_DEVICE, effects),
};

/** The newest effect of each triple: PostgreSQL refuses to write one row twice in a statement. `detail` is the channel or the sources. */
const NEWEST = `
  SELECT DISTINCT ON (subject_id, scope_id, purpose_id) *
  FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::bigint[], $6::text[])
    AS effect (decision_id, subject_id, scope_id, purpose_id, version, detail)
  ORDER BY subject_id, scope_id, purpose_id, version DESC`;

/** Writes one switch a triple and returns its row, with the value before as `was`, and whether there was one. */
const upsert = (table: string, scope: string, column: string, value: string): string => `
  INSERT INTO ${table} (subject_id, ${scope}, purpose_id, ${column}, version, decision_id)
  SELECT subject_id, scope_id, purpose_id, ${value}, version, decision_id FROM newest
  ON CONFLICT (subject_id, ${scope}, purpose_id) DO UPDATE
    SET ${column} = excluded.${column}, version = excluded.version, decision_id = excluded.decision_id
  RETURNING new.*, old.${column} AS was, old.version IS NOT NULL AS held`;

const changed = (effect: string, when: string): string =>
  `SELECT decision_id AS "decisionId", '${effect}' AS effect, 1 AS count FROM written WHERE ${when}`;

/** A source that has just been opened knows nothing yet: it starts in the middle, on one general interest. */
const begin = (from: string): string => `
  INSERT INTO interest_score (subject_id, scope_id, purpose_id, source, interest, score)
  SELECT opened.subject_id, opened.scope_id, opened.purpose_id, unnest(opened.sources), 'general', 5 FROM ${from}
  ON CONFLICT DO NOTHING
  RETURNING subject_id, scope_id, purpose_id`;

const STILL_OPEN = `
  score_source AS opened
  WHERE opened.subject_id IN (SELECT subject_id FROM written WHERE held AND was IS NULL) AND NOT EXISTS (
    SELECT FROM segment_assignment AS segment
    WHERE segment.subject_id = opened.subject_id AND segment.macro_segment IS NULL
      AND NOT EXISTS (
        SELECT FROM newest
        WHERE (newest.subject_id, newest.scope_id, newest.purpose_id)
          = (segment.subject_id, segment.scope_id, segment.purpose_id)
      )
  )`;

// Sources that were open all the time begin again where segmentation was closed, unless it stays closed on another scope.
const ASSIGN_SEGMENT = `
  WITH newest AS (${NEWEST}),
  written AS (${upsert('segment_assignment', 'scope_id', 'macro_segment', `'general'`)}),
  begun AS (${begin(STILL_OPEN)})
  ${changed('segments assigned', 'was IS NULL')}
  UNION ALL
  SELECT (SELECT decision_id FROM newest WHERE newest.subject_id = begun.subject_id LIMIT 1),
    'interest scores begun', count(*)::int
  FROM begun GROUP BY subject_id`;

const LEAVE_SEGMENTATION = `
  WITH newest AS (${NEWEST}),
  written AS (${upsert('segment_assignment', 'scope_id', 'macro_segment', 'NULL')}),
  gone AS (
    DELETE FROM interest_score USING newest
    WHERE interest_score.subject_id = newest.subject_id
    RETURNING newest.decision_id
  )
  ${changed('segments left', 'was IS NOT NULL')}
  UNION ALL
  SELECT decision_id, 'interest scores deleted', count(*)::int FROM gone GROUP BY decision_id`;

const OPENED = `
  (SELECT subject_id, scope_id, purpose_id, string_to_array(detail, '+') AS sources FROM newest) AS opened
  WHERE NOT EXISTS (
    SELECT FROM segment_assignment AS segment
    WHERE segment.subject_id = opened.subject_id AND segment.macro_segment IS NULL
  )`;

// Where segmentation is closed a source has no scores, and is opened and closed all the same. A narrower grant takes the
// scores of the sources that it names no longer.
const START_SCORING = `
  WITH newest AS (${NEWEST}),
  written AS (${upsert('score_source', 'scope_id', 'sources', `string_to_array(detail, '+')`)}),
  begun AS (${begin(OPENED)}),
  gone AS (
    DELETE FROM interest_score USING newest
    WHERE (interest_score.subject_id, interest_score.scope_id, interest_score.purpose_id)
      = (newest.subject_id, newest.scope_id, newest.purpose_id)
      AND interest_score.source <> ALL (string_to_array(newest.detail, '+'))
    RETURNING newest.decision_id
  )
  ${changed('score sources opened', `coalesce(was, '{}') = '{}'`)}
  UNION ALL
  SELECT newest.decision_id, 'interest scores begun', count(*)::int
  FROM begun JOIN newest USING (subject_id, scope_id, purpose_id) GROUP BY newest.decision_id
  UNION ALL
  SELECT decision_id, 'interest scores deleted', count(*)::int FROM gone GROUP BY decision_id`;

const STOP_SCORING = `
  WITH newest AS (${NEWEST}),
  written AS (${upsert('score_source', 'scope_id', 'sources', `'{}'::text[]`)}),
  gone AS (
    DELETE FROM interest_score USING newest
    WHERE (interest_score.subject_id, interest_score.scope_id, interest_score.purpose_id)
      = (newest.subject_id, newest.scope_id, newest.purpose_id)
    RETURNING newest.decision_id
  )
  ${changed('score sources closed', `was <> '{}'`)}
  UNION ALL
  SELECT decision_id, 'interest scores deleted', count(*)::int FROM gone GROUP BY decision_id`;

const JOIN_AUDIENCE = `
  WITH newest AS (${NEWEST}),
  written AS (${upsert('audience_membership', 'scope_id', 'member', 'true')})
  ${changed('audiences joined', 'was IS NOT TRUE')}`;

// Lists drawn already are filtered again: an entry is taken off once, by the decision that it names.
const LEAVE_AUDIENCE = `
  WITH newest AS (${NEWEST}),
  written AS (${upsert('audience_membership', 'scope_id', 'member', 'false')}),
  removed AS (
    UPDATE target_list_entry AS entry SET removed_by = newest.decision_id
    FROM newest
    WHERE entry.subject_id = newest.subject_id AND entry.purpose_id = newest.purpose_id
      AND entry.scope_id = newest.scope_id AND entry.removed_by IS NULL
    RETURNING entry.removed_by
  )
  ${changed('audiences left', 'was')}
  UNION ALL
  SELECT removed_by, 'target list entries removed', count(*)::int FROM removed GROUP BY removed_by`;

const upsertChannel = (open: boolean): string => `
  INSERT INTO contact_channel (subject_id, contact_point_id, purpose_id, channel, open, version, decision_id)
  SELECT subject_id, scope_id, purpose_id, detail, ${open}, version, decision_id FROM newest
  ON CONFLICT (subject_id, contact_point_id, purpose_id) DO UPDATE
    SET open = excluded.open, version = excluded.version, decision_id = excluded.decision_id
  RETURNING new.*, coalesce(old.open, true) AS was`;

// Open by default: a first yes changes nothing, a first no does.
const OPEN_CHANNEL = `
  WITH newest AS (${NEWEST}),
  written AS (${upsertChannel(true)})
  ${changed('channels opened', 'NOT was')}`;

const CLOSE_CHANNEL = `
  WITH newest AS (${NEWEST}),
  written AS (${upsertChannel(false)}),
  removed AS (
    UPDATE target_list_entry AS entry SET removed_by = newest.decision_id
    FROM newest
    WHERE entry.subject_id = newest.subject_id AND entry.contact_point_id = newest.scope_id
      AND entry.channel_purpose_id = newest.purpose_id AND entry.removed_by IS NULL
    RETURNING entry.removed_by
  )
  ${changed('channels closed', 'was')}
  UNION ALL
  SELECT removed_by, 'target list entries removed', count(*)::int FROM removed GROUP BY removed_by`;

const RECOGNISE_DEVICE = `
  WITH newest AS (${NEWEST}),
  written AS (${upsert('device_recognition', 'device_id', 'recognised', 'true')})
  ${changed('devices recognised', 'was IS NOT TRUE')}`;

const FORGET_DEVICE = `
  WITH newest AS (${NEWEST}),
  written AS (${upsert('device_recognition', 'device_id', 'recognised', 'false')})
  ${changed('devices forgotten', 'was')}`;

const run = <E extends MarketingEffect>(
  tx: Transaction,
  kind: E['kind'],
  statement: string,
  effects: readonly E[],
  detailOf: (effect: E) => string = () => 'none',
): Promise<readonly EffectRow[]> =>
  applyTogether(tx, `marketing-segmentation-${kind}`, statement, effects, [
    'decisionId',
    'subjectId',
    'scopeId',
    'purposeId',
    'version',
    detailOf,
  ]);
