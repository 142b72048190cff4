import { plainArray, textArray, type Transaction } from '@consent/postgres';
import { type Beat, type Heard } from '../gather/chunk.js';

const HEARD = `
INSERT INTO system_heard AS known (system_id, last_answer_at, last_effect, last_effect_count, last_effect_at, parked_records, parked_at)
SELECT system_id, to_timestamp(at / 1000), nullif(effect, ''), count, to_timestamp(effect_at / 1000),
       parked_records, to_timestamp(parked_at / 1000)
  FROM unnest($1::text[], $2::float8[], $3::text[], $4::bigint[], $5::float8[], $6::bigint[], $7::float8[])
    AS new (system_id, at, effect, count, effect_at, parked_records, parked_at)
ON CONFLICT (system_id) DO UPDATE
   SET last_answer_at = greatest(known.last_answer_at, excluded.last_answer_at),
       (last_effect, last_effect_count, last_effect_at) =
         (SELECT effect, count, at
            FROM (VALUES (known.last_effect, known.last_effect_count, known.last_effect_at),
                         (excluded.last_effect, excluded.last_effect_count, excluded.last_effect_at)) AS either (effect, count, at)
           ORDER BY at DESC NULLS LAST LIMIT 1),
       (parked_records, parked_at) =
         (SELECT records, at
            FROM (VALUES (known.parked_records, known.parked_at), (excluded.parked_records, excluded.parked_at)) AS either (records, at)
           ORDER BY at DESC NULLS LAST LIMIT 1)`;

const BEATS = `
INSERT INTO heartbeat AS known (partition, source_offset, appended_at, answered, seen_at, committed_at)
SELECT partition, source_offset, to_timestamp(appended_at / 1000), string_to_array(answered, ' '), to_timestamp(seen_at / 1000),
       to_timestamp(committed_at / 1000)
  FROM unnest($1::smallint[], $2::bigint[], $3::float8[], $4::text[], $5::float8[], $6::float8[])
    AS new (partition, source_offset, appended_at, answered, seen_at, committed_at)
ON CONFLICT (partition, source_offset) DO UPDATE
   SET appended_at = coalesce(known.appended_at, excluded.appended_at),
       committed_at = coalesce(known.committed_at, excluded.committed_at),
       answered = (SELECT coalesce(array_agg(DISTINCT system_id), '{}') FROM unnest(known.answered || excluded.answered) AS system_id)`;

export async function storeHeard(tx: Transaction, heard: ReadonlyMap<string, Heard>): Promise<void> {
  if (heard.size === 0) return;
  const rows = [...heard].sort(([a], [b]) => (a < b ? -1 : 1));
  await tx.query(
    HEARD,
    [
      plainArray(rows.map(([systemId]) => systemId)),
      plainArray(rows.map(([, { lastAnswerAt }]) => lastAnswerAt)),
      textArray(rows.map(([, { effect }]) => (effect?.effect ?? '').replaceAll('\0', '\ufffd'))),
      plainArray(rows.map(([, { effect }]) => effect?.count ?? null)),
      plainArray(rows.map(([, { effectAt }]) => effectAt)),
      plainArray(rows.map(([, { parked }]) => parked?.records ?? null)),
      plainArray(rows.map(([, { parked }]) => parked?.at ?? null)),
    ],
    'store-heard',
  );
}

export async function storeBeats(tx: Transaction, beats: readonly Beat[]): Promise<void> {
  const rows = beats.toSorted((a, b) => a.partition - b.partition || a.sourceOffset - b.sourceOffset);
  if (rows.length === 0) return;
  await tx.query(
    BEATS,
    [
      plainArray(rows.map((beat) => beat.partition)),
      plainArray(rows.map((beat) => beat.sourceOffset)),
      plainArray(rows.map((beat) => beat.appendedAt)),
      textArray(rows.map((beat) => [...beat.answered].join(' '))),
      plainArray(rows.map((beat) => beat.seenAt)),
      plainArray(rows.map((beat) => beat.committedAt)),
    ],
    'store-beats',
  );
}
