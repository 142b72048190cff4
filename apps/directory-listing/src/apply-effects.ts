import { applyTogether, type EffectRow } from '@consent/decision-consumer';
import { type Transaction } from '@consent/postgres';
import { type ListingEffect } from './on-decision.js';

/** One statement a kind of effect. Each answers with what changed, in the directory's words; no answer: nothing had to change. */
export const applyEffects = {
  offer: (tx: Transaction, effects: readonly ListingEffect[]) => run(tx, 'offer', OFFER, effects),
  reopen: (tx: Transaction, effects: readonly ListingEffect[]) => run(tx, 'reopen', REOPEN, effects),
  withhold: (tx: Transaction, effects: readonly ListingEffect[]) => run(tx, 'withhold', WITHHOLD, effects),
};

/** The newest effect of each listing: PostgreSQL refuses to write one row twice in a statement. */
const NEWEST = `
  SELECT DISTINCT ON (subject_id, line_id, purpose_id) *
  FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::bigint[])
    AS effect (decision_id, subject_id, line_id, purpose_id, part, version)
  ORDER BY subject_id, line_id, purpose_id, version DESC`;

const upsert = (offered: boolean, closedByFeed: string, changed: string): string => `
  WITH newest AS (${NEWEST}),
  written AS (
    INSERT INTO listing (subject_id, line_id, purpose_id, part, offered, version, decision_id)
    SELECT subject_id, line_id, purpose_id, part, ${offered}, version, decision_id FROM newest
    ON CONFLICT (subject_id, line_id, purpose_id) DO UPDATE
      SET offered = excluded.offered,
          version = excluded.version,
          decision_id = excluded.decision_id,
          closed_by_feed = ${closedByFeed}
    RETURNING new.decision_id, new.part, ${changed} AS changed
  )
  SELECT decision_id AS "decisionId", part FROM written WHERE changed`;

// The same grant, delivered again or released, does not undo what a feed closed after it; a closing while it was parked is
// of its version too.
const OFFER = upsert(
  true,
  'listing.closed_by_feed AND excluded.version <= coalesce(listing.closed_by_feed_at, listing.version)',
  '(old.offered AND NOT old.closed_by_feed) IS NOT TRUE AND NOT new.closed_by_feed',
);
const REOPEN = upsert(true, 'listing.closed_by_feed', 'old.offered IS NOT TRUE AND NOT new.closed_by_feed');
const WITHHOLD = upsert(false, 'listing.closed_by_feed', '(old.offered AND NOT old.closed_by_feed) IS TRUE');

const WORDS = {
  contact: { offer: 'listings offered', reopen: 'listings offered', withhold: 'listings withdrawn' },
  profession: { offer: 'professions offered', reopen: 'professions offered', withhold: 'professions withdrawn' },
  provision: { offer: 'provisions resumed', reopen: 'provisions resumed', withhold: 'provisions stopped' },
} as const;

async function run(
  tx: Transaction,
  kind: ListingEffect['kind'],
  statement: string,
  effects: readonly ListingEffect[],
): Promise<readonly EffectRow[]> {
  const rows = await applyTogether<ListingEffect, { decisionId: string; part: ListingEffect['part'] }>(
    tx,
    `listing-${kind}`,
    statement,
    effects,
    ['decisionId', 'subjectId', 'lineId', 'purposeId', 'part', 'version'],
  );
  return rows.map(({ decisionId, part }) => ({ decisionId, effect: WORDS[part][kind], count: 1 }));
}
