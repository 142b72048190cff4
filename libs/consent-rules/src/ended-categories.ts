import { type EndedCategory } from '@consent/events';
import { type Purpose, type TripleState } from './types.js';

/**
 * What entries tell of the data that have come to their end under a purpose, by kind of data. A name that stood for several
 * kinds, in entries from before each had its own, is read as those kinds.
 */
export const toldEnds = (
  { dataClocks }: Pick<Purpose, 'dataClocks'>,
  state: Pick<TripleState, 'endedCategories'> | null,
): EndedCategory[] =>
  state === null || state.endedCategories.length === 0
    ? []
    : lastEnds(
        state.endedCategories.flatMap((ended) => {
          const kinds = dataClocks.filter(({ formerly }) => formerly === ended.category);
          return kinds.length === 0 ? [ended] : kinds.map(({ category }) => ({ category, endedAt: ended.endedAt }));
        }),
      );

/** Of each kind the last end, in the order of their names. */
export function lastEnds(ends: readonly EndedCategory[]): EndedCategory[] {
  if (ends.length === 0) return [];
  const last = new Map<string, number>();
  for (const { category, endedAt } of ends) last.set(category, Math.max(endedAt, last.get(category) ?? endedAt));
  return [...last]
    .map(([category, endedAt]) => ({ category, endedAt }))
    .sort((a, b) => (a.category < b.category ? -1 : 1));
}
