import { type DataClock } from '../types.js';
import { type RawPurpose, type RawRetention } from './raw.js';

/** Each item of data has a clock of its own. */
const OF_EACH_ITEM: readonly (string | null)[] = ['data-collected', 'interaction-date', 'data-received-by-ads-data'];

/** Whether a purpose whose data are all gone at the end of the contract ends then (C11). */
export const endsWithContract = ({ choiceModel, clocks, retention = [] }: RawPurpose): boolean =>
  choiceModel !== 'none' &&
  (clocks?.some(({ from, period }) => from === 'contract-end' && period === 'PT0S') ??
    retention.some(({ appliesTo, until }) => appliesTo === null && until === 'contract-end'));

/**
 * When a kind of data comes to its end under a purpose.
 * @returns null where it depends on what this service does not know
 */
export function dataClockOf(
  purpose: RawPurpose,
  retention: RawRetention,
): Pick<DataClock, 'period' | 'perItem'> | null {
  const period = endOfAll(purpose, retention);
  const perItem = OF_EACH_ITEM.includes(retention.starts) ? retention.period : null;
  return period === null && perItem === null ? null : { period, perItem };
}

/**
 * When all data of the kind have: with the contract, or a period after it. Where each item has its own clock, that of the
 * last item is over a period after the contract, if the purpose ends with the contract: from then on nothing is collected
 * for it.
 */
function endOfAll(purpose: RawPurpose, { period, starts, until }: RawRetention): string | null {
  if (purpose.choiceModel === 'none') return null;
  if (until === 'contract-end') return 'PT0S';
  if (period === null) return null;
  const isKnown = starts === 'contract-end' || (OF_EACH_ITEM.includes(starts) && endsWithContract(purpose));
  return isKnown ? period : null;
}

/** In `categories`: all kinds of data of the purpose that no other retention names. */
export const OTHERS = 'others';

/** The kinds of data that a purpose uses: those it names, and those a gate opens to it, less what is barred for good. */
export function usedKinds({ dataCategories = [], dataCategoriesOutsideTable = [], categoryGates = [] }: RawPurpose) {
  const barred = categoryGates.filter(({ needsGrantOf }) => needsGrantOf.length === 0).map(({ category }) => category);
  const named = [...dataCategories, ...dataCategoriesOutsideTable, ...categoryGates.map(({ category }) => category)];
  return [...new Set(named)].filter((category) => !barred.includes(category));
}

/** The kinds of data that the retention of a purpose names, each as often as it does; `others` is one of the words. */
export const namedKinds = ({ retention = [] }: RawPurpose): string[] =>
  retention.flatMap(({ categories = [] }) => categories);

/** One clock for each kind of data. Of a version from before `categories`, one for each name that it gives. */
export const dataClocksOf = (purpose: RawPurpose): DataClock[] =>
  (purpose.retention ?? []).flatMap((retention) => {
    const clock = dataClockOf(purpose, retention);
    if (clock === null) return [];
    const { category, categories = category === undefined ? [] : [category], formerly = null } = retention;
    const kinds = categories.flatMap((kind) => (kind === OTHERS ? otherKinds(purpose) : kind));
    return kinds.map((kind) => ({ category: kind, ...clock, formerly }));
  });

const otherKinds = (purpose: RawPurpose): string[] => {
  const named = namedKinds(purpose);
  return usedKinds(purpose).filter((category) => !named.includes(category));
};
