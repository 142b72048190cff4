import { type DataClock } from '../types.js';
import { type RawPurpose, type RawRetention } from './raw.js';

/** Each item of data has a clock of its own, which its holder keeps. */
const OF_EACH_ITEM: readonly (string | null)[] = ['data-collected', 'interaction-date', 'data-received-by-ads-data'];

/** Whether a purpose whose data are all gone at the end of the contract ends then (C11). */
export const endsWithContract = ({ choiceModel, clocks, retention = [] }: RawPurpose): boolean =>
  choiceModel !== 'none' &&
  (clocks?.some(({ from, period }) => from === 'contract-end' && period === 'PT0S') ??
    retention.some(({ appliesTo, until }) => appliesTo === null && until === 'contract-end'));

/**
 * When a kind of data has come to its end under a purpose: with the contract, or a period after it. Where each item of data
 * has its own clock, that of the last item is over a period after the contract, if the purpose ends with the contract: from
 * then on nothing is collected for it.
 * @returns null where it depends on what this service does not know
 */
export function dataClockOf(purpose: RawPurpose, { period, starts, until }: RawRetention): string | null {
  if (purpose.choiceModel === 'none') return null;
  if (until === 'contract-end') return 'PT0S';
  if (period === null) return null;
  const isKnown = starts === 'contract-end' || (OF_EACH_ITEM.includes(starts) && endsWithContract(purpose));
  return isKnown ? period : null;
}

export const dataClocksOf = (purpose: RawPurpose): DataClock[] =>
  (purpose.retention ?? []).flatMap((retention) => {
    const period = dataClockOf(purpose, retention);
    return retention.category === undefined || period === null ? [] : [{ category: retention.category, period }];
  });
