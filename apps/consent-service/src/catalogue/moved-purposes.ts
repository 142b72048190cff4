import { type Catalogue, noLongerNamed, type Purpose } from '@consent/consent-rules';
import { ProblemError } from '@consent/service-host';
import { type Reader } from '../ledger/read-positions.js';
import { catalogueOf } from './versions.js';

const GONE = `
SELECT DISTINCT ON (id) id, from_version AS version
  FROM catalogue_change, jsonb_array_elements_text(difference->'removed') AS id
 WHERE applied_at IS NOT NULL AND id = ANY ($1)
 ORDER BY id, applied_at DESC`;

/**
 * Holds each purpose against what it was when it was last in force, also one that had gone and comes back: what people decided
 * about it is kept under its id.
 * @throws ProblemError 422 when one is decided in other scopes, reaches other contact points, or concerns a system no more
 */
export async function refuseMovedPurposes(reader: Reader, from: Catalogue, to: Catalogue): Promise<void> {
  const last = new Map([...from.purposes, ...(await gone(reader, from, to))]);
  const pairs = [...to.purposes.values()].flatMap((now) => {
    const before = last.get(now.id);
    return before ? [{ id: now.id, before, now }] : [];
  });
  const changed = (field: 'scopeLevel' | 'contactKind'): string =>
    pairs
      .filter(({ before, now }) => before[field] !== now[field])
      .map(({ id, before, now }) => `${before[field] ?? 'none'} → ${now[field] ?? 'none'} of ${id}`)
      .join('; ');
  const moved = changed('scopeLevel');
  if (moved !== '')
    throw refused(
      'catalogue-scope-moved',
      'A purpose keeps its scope level',
      `Found another scopeLevel: ${moved}; expected a new purpose, since what people decided holds for the scopes they decided about`,
    );
  const rekinded = changed('contactKind');
  if (rekinded !== '')
    throw refused(
      'catalogue-contact-kind-moved',
      'A purpose keeps its kind of contact point',
      `Found another contactKind: ${rekinded}; expected a new purpose, since what people decided holds for the contact points they decided about`,
    );
  const unnamed = [...noLongerNamed({ purposes: last }, to)].map(([id, systems]) => `${systems.join(', ')} of ${id}`);
  if (unnamed.length > 0)
    throw refused(
      'catalogue-system-dropped',
      'A purpose keeps its systems',
      `No longer named: ${unnamed.join('; ')}; expected a new purpose, since a system that is not named hears of no withdrawal and would act on what it was told before`,
    );
}

/** Purposes that an earlier version had, and the one in force has not, as they were before they went. */
async function gone(reader: Reader, from: Catalogue, to: Catalogue): Promise<[string, Purpose][]> {
  const added = [...to.purposes.keys()].filter((id) => !from.purposes.has(id));
  if (added.length === 0) return [];
  const { rows } = await reader.query<{ id: string; version: string }>(GONE, [added]);
  const found: [string, Purpose][] = [];
  for (const { id, version } of rows) {
    const purpose = (await catalogueOf(reader, version))?.purposes.get(id);
    if (purpose) found.push([id, purpose]);
  }
  return found;
}

const refused = (type: string, title: string, detail: string): ProblemError =>
  new ProblemError(422, type, title, detail);
