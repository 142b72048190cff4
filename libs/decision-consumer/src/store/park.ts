import { type ConsumedRecord, headerText } from '@consent/kafka';
import { plainArray, textArray, type Transaction } from '@consent/postgres';
import { type Resolved, type ToPark } from '../core/conclude.js';
import { type Unreadable } from '../core/arrival.js';
import { effectsArray } from './effects-array.js';

const INSERT = `
  INSERT INTO parked_decision (subject_id, scope_id, purpose_id, decision_id, version, reason, detail,
                               record_key, record_value, headers, topic, partition, record_offset, parked_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, to_timestamp($14::float8 / 1000))
  ON CONFLICT ON CONSTRAINT parked_once DO NOTHING`;

// A second failure of a row already there: kept as one row. What was unreadable may be readable by now.
const FAILED_AGAIN = `
  UPDATE parked_decision SET subject_id = $2, scope_id = $3, purpose_id = $4, decision_id = $5, version = $6,
                             reason = $7, detail = $8
  WHERE id = $1`;

const DETAIL_LIMIT = 1_000;

/** Keeps the records, byte for byte. Rare: one statement each. @param now epoch ms */
export async function park(tx: Transaction, items: readonly (ToPark | Unreadable)[], now: number): Promise<void> {
  for (const item of items) {
    const [record, parkedId, ids] = 'arrival' in item ? ofDecision(item) : ofUnreadable(item);
    const detail = item.detail.replaceAll('\0', '').slice(0, DETAIL_LIMIT);
    if (parkedId !== null) await tx.query(FAILED_AGAIN, [parkedId, ...ids, item.reason, detail]);
    else await tx.query(INSERT, [...ids, item.reason, detail, ...bytesOf(record), now]);
  }
}

const ofDecision = ({ arrival: { record, decision }, parkedId }: ToPark) =>
  [
    record,
    parkedId,
    [decision.subjectId, decision.scope.id, decision.purposeId, decision.decisionId, decision.version],
  ] as const;

const ofUnreadable = ({ record, parkedId, subjectId }: Unreadable) =>
  [record, parkedId, [subjectId, null, null, null, null]] as const;

const bytesOf = ({ key, value, headers, topic, partition, offset }: ConsumedRecord) => [
  key,
  value,
  JSON.stringify(textHeaders(headers)),
  topic,
  partition,
  offset,
];

/** The first of each header, as text; without the one character that a jsonb does not hold. */
const textHeaders = (headers: ConsumedRecord['headers']): Record<string, string> =>
  Object.fromEntries(
    Object.keys(headers).flatMap((name) => {
      const text = headerText({ headers }, name);
      return text === undefined ? [] : [[name.replaceAll('\0', ''), text.replaceAll('\0', '')]];
    }),
  );

/** Rows that wait no more keep their answer until it is confirmed. @param now epoch ms */
export async function resolveParked(tx: Transaction, resolved: readonly Resolved[], now: number): Promise<void> {
  if (resolved.length === 0) return;
  await tx.query(
    `UPDATE parked_decision p
     SET outcome = r.outcome, reason = r.reason, effects = r.effects, applied_at = to_timestamp($9::float8 / 1000),
         scope_id = coalesce(p.scope_id, r.scope_id), purpose_id = coalesce(p.purpose_id, r.purpose_id),
         decision_id = coalesce(p.decision_id, r.decision_id), version = coalesce(p.version, r.version)
     FROM unnest($1::bigint[], $2::text[], $3::text[], $4::jsonb[], $5::uuid[], $6::text[], $7::uuid[], $8::bigint[])
       AS r (id, outcome, reason, effects, scope_id, purpose_id, decision_id, version)
     WHERE p.id = r.id`,
    [
      plainArray(resolved.map((r) => r.parkedId)),
      plainArray(resolved.map((r) => r.outcome)),
      textArray(resolved.map((r) => r.reason ?? '')),
      effectsArray(resolved.map((r) => r.effects)),
      textArray(resolved.map((r) => r.decision?.scope.id ?? null)),
      textArray(resolved.map((r) => r.decision?.purposeId ?? null)),
      textArray(resolved.map((r) => r.decision?.decisionId ?? null)),
      textArray(resolved.map((r) => r.decision?.version.toString() ?? null)),
      now,
    ],
  );
}

/** Rows that turned out to be no business of this system. */
export async function forgetParked(tx: Transaction, ids: readonly string[]): Promise<void> {
  await tx.query('DELETE FROM parked_decision WHERE id = ANY ($1::bigint[])', [plainArray(ids)]);
}

/** Brings `held_back` of the subjects' states in line with what is parked of them. */
export async function holdBack(tx: Transaction, subjects: readonly string[]): Promise<void> {
  await tx.query(
    `WITH now_parked AS (
       SELECT s.subject_id, s.scope_id, s.purpose_id,
              EXISTS (SELECT FROM parked_decision p
                      WHERE p.subject_id = s.subject_id AND p.outcome IS NULL
                        AND (p.scope_id IS NULL OR (p.scope_id = s.scope_id AND p.purpose_id = s.purpose_id))) AS held_back
       FROM decision_state s WHERE s.subject_id = ANY ($1::uuid[])
     )
     UPDATE decision_state s SET held_back = n.held_back
     FROM now_parked n
     WHERE s.subject_id = n.subject_id AND s.scope_id = n.scope_id AND s.purpose_id = n.purpose_id
       AND s.held_back <> n.held_back`,
    [plainArray(subjects)],
  );
}
