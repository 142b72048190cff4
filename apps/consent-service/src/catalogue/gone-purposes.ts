import { type Catalogue, type Purpose } from '@consent/consent-rules';
import { type Reader } from '../ledger/read-positions.js';
import { catalogueOf } from './versions.js';

/** A purpose that a version of the catalogue had, and the one in force has not. */
export interface GonePurpose {
  /** As it was when it was last in force. */
  purpose: Purpose;
  /** Epoch ms. */
  goneAt: number;
}

const GONE = `
SELECT DISTINCT ON (id) id, from_version AS version, (extract(epoch FROM applied_at) * 1000)::float8 AS "goneAt"
  FROM catalogue_change, jsonb_array_elements_text(difference->'removed') AS id
 WHERE NOT id = ANY ($1) AND date_trunc('milliseconds', applied_at) <= coalesce(to_timestamp($2::float8 / 1000), 'infinity')
 ORDER BY id, applied_at DESC`;

/** By version and id: a version never changes, and to parse one takes longer than what it is asked for. */
const known = new Map<string, Purpose>();

/**
 * @param inForce the catalogue in force at that moment
 * @param at epoch ms; null: the present
 */
export async function gonePurposes(
  reader: Reader,
  inForce: Pick<Catalogue, 'purposes'>,
  at: number | null = null,
): Promise<ReadonlyMap<string, GonePurpose>> {
  const { rows } = await reader.query<{ id: string; version: string; goneAt: number }>(
    GONE,
    [[...inForce.purposes.keys()], at],
    'read-gone-purposes',
  );
  const gone = new Map<string, GonePurpose>();
  for (const { id, version, goneAt } of rows) {
    const key = `${version} ${id}`;
    const purpose = known.get(key) ?? (await catalogueOf(reader, version))?.purposes.get(id);
    if (purpose === undefined) continue;
    known.set(key, purpose);
    gone.set(id, { purpose, goneAt: Math.floor(goneAt) });
  }
  return gone;
}
