import { followedBy } from '../another-role.js';
import { dataClocksOf } from './data-clocks.js';
import { type CategoryGate, type DataCategory, type Purpose, type PurposeClock } from '../types.js';
import { type Placed, type RawPurpose } from './raw.js';

/** Fills in what the file may leave out; the chapter is the name of the file. */
export const toPurpose = ({ file, entry }: Placed<RawPurpose>, categories: Iterable<DataCategory>): Purpose => ({
  ...entry,
  chapter: (file.split('/').at(-1) ?? file).replace(/\.ya?ml$/, ''),
  continues: entry.continues ?? [],
  clocks: clocksOf(entry),
  dataCategories: entry.dataCategories ?? [],
  dataCategoriesOutsideTable: entry.dataCategoriesOutsideTable ?? [],
  categoryGates: withConfined(entry, categories),
  contactChannels: entry.contactChannels ?? [],
  retention: entry.retention ?? [],
  dataClocks: dataClocksOf(entry),
  contactKind: entry.contactKind ?? null,
  announcesPeriod: entry.announcesPeriod ?? false,
});

/** Those it names, or the one of its retention. */
export const clocksOf = (entry: RawPurpose): PurposeClock[] =>
  entry.clocks?.map((c) => ({ ...c, frozen: c.frozen ?? false })) ?? retentionClock(entry);

/** Its own gates, and one before each kind of data that serves other purposes alone. */
function withConfined({ id, categoryGates = [] }: RawPurpose, categories: Iterable<DataCategory>): CategoryGate[] {
  const bars = [...categories].flatMap(({ id: category, confined }) =>
    confined === null || confined.to.includes(id) || categoryGates.some((gate) => gate.category === category)
      ? []
      : [{ category, needsGrantOf: [], decision: confined.decision }],
  );
  return [...categoryGates, ...bars];
}

/**
 * A purpose whose data are all gone at the end of the contract, or some years after it, ends then too (C11). A limit for
 * a category alone closes nothing: it is a data clock.
 */
function retentionClock({ choiceModel, retention = [] }: RawPurpose): PurposeClock[] {
  const end = retention.find(
    ({ appliesTo, starts, until }) => appliesTo === null && [starts, until].includes('contract-end'),
  );
  if (choiceModel === 'none' || end === undefined) return [];
  return [{ from: 'contract-end', period: end.period ?? 'PT0S', frozen: false, decision: 'C11' }];
}

/** For each purpose, those that stand on it or are the same thing under another role, directly or through others. */
export function dependantsOf(purposes: readonly Purpose[]): Map<string, Purpose[]> {
  const byId = new Map(purposes.map((p) => [p.id, p]));
  const follows = (purpose: Purpose): Set<string> => {
    const all = new Set<string>();
    const add = (id: string): void => {
      if (all.has(id) || id === purpose.id) return;
      all.add(id);
      const below = byId.get(id);
      if (below) followedBy({ purposes: byId }, below).forEach(add);
    };
    followedBy({ purposes: byId }, purpose).forEach(add);
    return all;
  };
  const found = new Map<string, Purpose[]>();
  for (const purpose of purposes) for (const id of follows(purpose)) found.set(id, [...(found.get(id) ?? []), purpose]);
  return found;
}
