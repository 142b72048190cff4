import { DateTime, Duration } from 'luxon';

/** The statement's periods are counted by the calendar of the operator's country: leap days and daylight saving count. */
export const ZONE = 'Europe/Brussels';

/** One subject's clocks are counted for purpose after purpose from the same few moments, and a time zone is slow to ask. */
const COUNTED = new Map<string, number>();
const MOST = 4_096;

/** No calendar says how long half a month is, and a part that goes back may undo the others. */
const WHOLE_PARTS = /^P[0-9YMWDTHS]+$/;

/** Whether a text is a period longer than nothing, ISO 8601, of whole years, months, weeks, days, hours, minutes and seconds. */
export const isPeriod = (text: string): boolean => WHOLE_PARTS.test(text) && Duration.fromISO(text).toMillis() > 0;

export const LONGEST = Duration.fromObject({ years: 100 });

/** From no other day have the longest period, and the last months of it, fewer days. */
const SHORTEST_FROM = DateTime.utc(2001, 3, 1);
const SHORTEST_UNTIL = SHORTEST_FROM.plus(LONGEST);

/** Whether a period can be counted: from no day does it reach beyond the longest. One beyond all calendars does. */
export const isCountable = (period: string): boolean =>
  SHORTEST_FROM.plus(Duration.fromISO(period)).toMillis() <= SHORTEST_UNTIL.toMillis();

/** @param from epoch ms @param period ISO 8601, such as `P3Y` */
export const addPeriod = (from: number, period: string): number =>
  counted(`${from} +${period}`, () => at(from).plus(Duration.fromISO(period)));

/** @param until epoch ms @param period ISO 8601, such as `P6M` */
export const periodBefore = (until: number, period: string): number =>
  counted(`${until} -${period}`, () => at(until).minus(Duration.fromISO(period)));

const at = (moment: number): DateTime => DateTime.fromMillis(moment, { zone: ZONE });

function counted(key: string, count: () => DateTime): number {
  const known = COUNTED.get(key);
  if (known !== undefined) return known;
  const found = count().toMillis();
  if (COUNTED.size >= MOST) COUNTED.clear();
  COUNTED.set(key, found);
  return found;
}
