import { type BundleSaid, type ScopeFacts, type SubjectFacts } from '@consent/consent-rules';
import { type Reader } from '../ledger/read-positions.js';

/** A time as epoch ms; recording times to the millisecond, as they are shown. */
const ms = (column: string): string => `(extract(epoch FROM ${column}) * 1000)::float8`;
const shown = (column: string): string => ms(`date_trunc('milliseconds', ${column})`);
const byThen = (column: string): string =>
  `subject_id = $1 AND ($2::float8 IS NULL OR date_trunc('milliseconds', ${column}) <= to_timestamp($2 / 1000))`;
const all = (rows: string): string => `(SELECT coalesce(json_agg(told), '[]') FROM (${rows}) AS told)`;

/**
 * One statement: what was recorded by a moment, each list in the order of its recording. The release before this was kept
 * may still be writing: of its scopes and objections the present is all there is.
 */
const READ = `
SELECT ${all(`
SELECT facts_version AS "factsVersion", ${shown('recorded_at')} AS "recordedAt", caller AS by, channel, brand, roles, minor,
       ${ms('contract_start')} AS "contractStart", ${ms('contract_end')} AS "contractEnd", scopes
  FROM facts_version WHERE ${byThen('recorded_at')} ORDER BY facts_version`)} AS facts,
${all(`
SELECT scope_id AS id, level, brand, kind, ${ms('valid_from')} AS "validFrom", ${ms('valid_until')} AS "validUntil"
  FROM scope WHERE ${byThen('claimed_at')} ORDER BY claimed_at, scope_id`)} AS scopes,
${all(`
SELECT scope_id AS id, NULL AS "factsVersion", ${shown('recorded_at')} AS "recordedAt", caller AS by, channel, brand, kind,
       ${ms('valid_from')} AS "validFrom", ${ms('valid_until')} AS "validUntil"
  FROM scope_version WHERE ${byThen('recorded_at')} ORDER BY recorded_at`)} AS "bareScopes",
${all(`
SELECT NULL AS "factsVersion", ${shown('recorded_at')} AS "recordedAt", caller AS by, channel,
       ${ms('objected_at')} AS "objectedAt"
  FROM full_marketing_objection WHERE ${byThen('recorded_at')}
UNION ALL
SELECT NULL, ${shown('full_marketing_objection_at')}, 'release-before', NULL, ${ms('full_marketing_objection_at')}
  FROM subject
 WHERE ${byThen('full_marketing_objection_at')} AND full_marketing_objection_at IS NOT NULL AND NOT EXISTS (
         SELECT FROM full_marketing_objection AS kept
          WHERE kept.subject_id = subject.subject_id AND kept.objected_at >= full_marketing_objection_at)
 ORDER BY 2`)} AS objections,
${all(`
SELECT bundle_id AS "bundleId", kind, purposes, ${ms('closed_at')} AS "closedAt", ${shown('recorded_at')} AS "recordedAt",
       caller AS by, channel, after_version AS "afterVersion"
  FROM bundle_closing WHERE ${byThen('recorded_at')} ORDER BY bundle_closing.recorded_at`)} AS bundles,
${shown(`greatest(
  (SELECT max(recorded_at) FROM facts_version WHERE subject_id = $1 AND caller = 'migration'),
  (SELECT max(known_since) FROM scope WHERE subject_id = $1),
  (SELECT max(recorded_at) FROM full_marketing_objection WHERE subject_id = $1 AND earlier_unknown))`)} AS "knownSince"`;

/** Who told it, when and how. */
interface Told {
  factsVersion: number | null;
  recordedAt: number;
  by: string;
  channel: string | null;
}

/** All that was recorded of a subject by a moment, besides its ledger; each list oldest first. */
export interface KnownThen {
  facts: (Told & Omit<SubjectFacts, 'fullMarketingObjectionAt'> & { scopes: ScopeFacts[] })[];
  /** As they are now; what they were is in the versions. */
  scopes: ScopeFacts[];
  /** Versions of scopes that came without a version of the facts. */
  bareScopes: (Told & Omit<ScopeFacts, 'level'>)[];
  objections: (Told & { objectedAt: number })[];
  bundles: BundleSaid[];
  /** Epoch ms: before, some of what was known has been overwritten; null: all of it is kept. Whatever the moment asked about. */
  knownSince: number | null;
}

/** @param at epoch ms; null: all that was recorded */
export async function readKnownThen(reader: Reader, subjectId: string, at: number | null): Promise<KnownThen> {
  const { rows } = await reader.query<KnownThen>(READ, [subjectId, at], 'read-known-then');
  return rows[0] as KnownThen;
}
