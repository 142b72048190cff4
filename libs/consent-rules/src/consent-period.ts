import { isCountable } from './calendar.js';
import { type LedgerEntry, type Purpose } from './types.js';

/** Attribute of a yes to what was announced for an event (C12). */
export const ANNOUNCED_PERIOD = 'announcedPeriod';

/** The period that a decision names, ISO 8601; null where it names none. */
export const announcedIn = ({ attributes }: Pick<LedgerEntry, 'attributes'>): string | null =>
  attributes[ANNOUNCED_PERIOD] ?? null;

/**
 * How long a consent lasts from the day it was given, ISO 8601: the period of its section (C06, C09), or the one that was
 * announced to the person (C12), without which it is over at once. Null: it has no such end.
 */
export function consentPeriod({ clocks, announcesPeriod }: Purpose, announced: string | null): string | null {
  const clock = clocks.find(({ from }) => from === 'consent');
  if (clock !== undefined || !announcesPeriod) return clock?.period ?? null;
  return announced !== null && isCountable(announced) ? announced : 'PT0S';
}
