import { type Catalogue, noLongerNamed } from '@consent/consent-rules';
import { ProblemError } from '@consent/service-host';
import { type Reader } from '../ledger/read-positions.js';
import { gonePurposes } from './gone-purposes.js';

/**
 * Holds each purpose against what it was when it was last in force, also one that had gone and comes back: what people decided
 * about it is kept under its id.
 * @throws ProblemError 422 when one is decided in other scopes, reaches other contact points, or concerns a system no more
 */
export async function refuseMovedPurposes(reader: Reader, from: Catalogue, to: Catalogue): Promise<void> {
  const gone = [...(await gonePurposes(reader, from))].map(([id, { purpose }]) => [id, purpose] as const);
  const last = new Map([...from.purposes, ...gone]);
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

const refused = (type: string, title: string, detail: string): ProblemError =>
  new ProblemError(422, type, title, detail);
